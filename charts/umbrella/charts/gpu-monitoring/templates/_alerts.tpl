{{- /* A GPU in the words of an alert; Prometheus fills in the labels. */ -}}
{{- define "gpu-monitoring.which" -}}
{{ "GPU {{ $labels.gpu }} of node {{ $labels.node }}" }}
{{- end -}}

{{- /* One alert. Takes the alerts' values, name, severity, expression, how long, summary, description. */ -}}
{{- define "gpu-monitoring.alert" -}}
{{- $labels := dict "severity" .severity -}}
{{- range $key, $value := .alerts.labels -}}{{- $_ := set $labels $key $value -}}{{- end -}}
- alert: {{ .name }}
  expr: |
    {{- .expr | trim | nindent 4 }}
  {{- with .for }}
  for: {{ . }}
  {{- end }}
  labels:
    {{- toYaml $labels | nindent 4 }}
  annotations:
    summary: {{ .summary | quote }}
    description: {{ .description | quote }}
{{ end -}}

{{- /*
Alert rules. Each is written for what a metric really does: an XID code stays until the driver is loaded again, so
that only its change tells of an error; counters are told by their rise; a GPU that fell off the bus has no metrics.
Takes the root context.
*/ -}}
{{- define "gpu-monitoring.alerts" -}}
{{- $alerts := .Values.alerts -}}
{{- $card := include "gpu-monitoring.card" . -}}
{{- $gpu := include "gpu-monitoring.which" . -}}
{{- $value := "{{ $value | humanize }}" -}}
{{- $happened := printf "(changes(gpu:xid:code[%s]) > 0 or on (node, UUID) max by (node, UUID) (DCGM_EXP_XID_ERRORS_COUNT < 1e6) > 0)" $alerts.xid.window -}}
{{- $rules := list
  (dict "name" "GPUXid" "severity" "warning"
    "expr" (printf "gpu:xid:code > 0\nand on (node, UUID) %s" $happened)
    "summary" (printf "%s: XID {{ $value }}" $gpu)
    "description" "The driver reported an error. NVIDIA's list of XID codes tells what it means; many come from the program that ran. A second error of the same code is seen by DCGM_EXP_XID_ERRORS_COUNT only.")
-}}
{{- with $alerts.xid.hardware -}}
{{- $codes := list -}}
{{- range . -}}{{- $codes = append $codes (printf "gpu:xid:code == %d" (int .)) -}}{{- end -}}
{{- $rules = append $rules (dict "name" "GPUXidHardware" "severity" "critical"
    "expr" (printf "(%s)\nand on (node, UUID) %s" (join " or " $codes) $happened)
    "summary" (printf "%s: XID {{ $value }}, a sign of broken hardware" $gpu)
    "description" "Drain the node and reset the GPU; if the code comes again, have it replaced.") -}}
{{- end -}}
{{- $rules = concat $rules (list
  (dict "name" "GPUTemperatureHigh" "severity" "warning" "for" "5m"
    "expr" (printf "gpu:temperature:celsius > %d" (int $alerts.temperature.warning))
    "summary" (printf "%s is hot: %s °C" $gpu $value)
    "description" "Look after fans, dust and the room.")
  (dict "name" "GPUTemperatureCritical" "severity" "critical" "for" "1m"
    "expr" (printf "gpu:temperature:celsius > %d" (int $alerts.temperature.critical))
    "summary" (printf "%s is too hot: %s °C" $gpu $value)
    "description" "It slows down, and switches itself off soon.")
  (dict "name" "GPUThermalThrottling" "severity" "warning" "for" "5m"
    "expr" (printf "max by (%s) (increase(DCGM_FI_DEV_THERMAL_VIOLATION[5m])) > 0" $card)
    "summary" (printf "%s is held back by heat" $gpu)
    "description" "Its clocks are lower than they could be: jobs take longer.")
  (dict "name" "GPUPowerThrottling" "severity" "info" "for" "30m"
    "expr" (printf "max by (%s) (increase(DCGM_FI_DEV_POWER_VIOLATION[5m])) > 0" $card)
    "summary" (printf "%s is held back by its power limit" $gpu)
    "description" "Usual under full load where a limit is set; else look at the power supply.")
  (dict "name" "GPUEccDoubleBit" "severity" "critical"
    "expr" (printf "max by (%s) (increase(DCGM_FI_DEV_ECC_DBE_VOL_TOTAL[15m])) > 0" $card)
    "summary" (printf "%s: uncorrectable memory error" $gpu)
    "description" "What ran on it is wrong or ended. Drain the node and reset the GPU.")
  (dict "name" "GPURowRemapFailure" "severity" "critical"
    "expr" (printf "max by (%s) (DCGM_FI_DEV_ROW_REMAP_FAILURE < 1e6) > 0" $card)
    "summary" (printf "%s: broken memory cannot be replaced any more" $gpu)
    "description" "Have the GPU replaced.")
  (dict "name" "GPURowRemapPending" "severity" "warning" "for" "5m"
    "expr" (printf "max by (%s) (DCGM_FI_DEV_ROW_REMAP_PENDING < 1e6) > 0" $card)
    "summary" (printf "%s waits for a reset to replace broken memory" $gpu)
    "description" "Drain the node and reset the GPU.")
  (dict "name" "GPURowsRemapped" "severity" "warning"
    "expr" (printf "max by (%s) (increase(DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS[1h])) > 0" $card)
    "summary" (printf "%s replaced broken memory" $gpu)
    "description" "Once is no harm; if it goes on, the GPU is failing.")
  (dict "name" "GPUExporterAbsent" "severity" "critical" "for" $alerts.absent
    "expr" "absent(DCGM_FI_DEV_GPU_TEMP)"
    "summary" "No GPU metrics at all"
    "description" "The DCGM exporter does not run, or Prometheus does not read it. No other GPU alert can fire.")
  (dict "name" "GPUNodeWithoutMetrics" "severity" "warning" "for" $alerts.absent
    "expr" "sum by (node) (node:gpus_allocatable:sum) > 0\nunless on (node) DCGM_FI_DEV_GPU_TEMP"
    "summary" "Node {{ $labels.node }} offers GPUs and has no GPU metrics"
    "description" "Look at the DCGM exporter's pod on that node.")
  (dict "name" "GPULost" "severity" "critical" "for" "2m"
    "expr" "node:gpus:count < max_over_time(node:gpus:count[6h])"
    "summary" (printf "Node {{ $labels.node }} has fewer GPUs than before: %s" $value)
    "description" "A GPU fell off the bus (XID 79) or was taken out. Restart the machine.")
  (dict "name" "GPUMemoryNearlyFull" "severity" "warning" "for" "5m"
    "expr" (printf "100 * gpu:memory_used:bytes / gpu:memory:bytes > %d\nand on (node, UUID, GPU_I_ID) gpu:pods:count > 1" (int $alerts.memory))
    "summary" (printf "Shared %s: %s %% of the memory in use" $gpu $value)
    "description" "Time-slicing divides time, not memory: the next pod that asks for some gets an error.")
  (dict "name" "GPUIdle" "severity" "info" "for" $alerts.idle.after
    "expr" (printf "group by (namespace, pod, node, gpu, UUID, GPU_I_ID) (DCGM_FI_DEV_GPU_TEMP{pod!=\"\"})\nand on (node, UUID, GPU_I_ID) max_over_time(gpu:utilization:percent[10m]) < %d" (int $alerts.idle.utilization))
    "summary" (printf "{{ $labels.namespace }}/{{ $labels.pod }} holds %s and does not use it" $gpu)
    "description" "Nobody else can have it. End the pod, or let idle notebooks be culled.")
  (dict "name" "GPUSlicesOversubscribed" "severity" "warning" "for" $alerts.waiting
    "expr" "sum by (resource) (namespace:gpus_requested:sum)\n> on (resource) sum by (resource) (node:gpus_allocatable:sum)"
    "summary" (printf "Pods ask for more {{ $labels.resource }} than there are: %s" $value)
    "description" "Some of them wait. More slices, more GPUs, quotas or a queue would help.")
) -}}
{{- range $rules -}}
{{- if not (has .name $alerts.disabled) -}}
{{- include "gpu-monitoring.alert" (set . "alerts" $alerts) -}}
{{- end -}}
{{- end -}}
{{- end -}}
