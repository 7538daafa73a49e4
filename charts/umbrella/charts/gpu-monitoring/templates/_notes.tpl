{{- /* What the umbrella's NOTES say about GPU metrics. Takes a context like the subchart's own. */ -}}
{{- define "gpu-monitoring.notes" -}}
{{- $namespace := include "gpu-monitoring.namespace" . }}
{{- if .Values.dashboards.enabled -}}
Dashboards in Grafana: "GPUs: cluster", "GPUs: node", "GPUs: teams and pods", "GPUs: shared"
  kubectl -n {{ .Values.stack.namespace }} port-forward service/{{ .Values.stack.release }}-grafana 3000:80   # then http://127.0.0.1:3000
{{ end -}}
{{- if include "gpu-monitoring.hasApi" (list . "monitoring.coreos.com/v1" "ServiceMonitor") -}}
Prometheus reads the DCGM exporter in {{ .Values.exporter.namespace | default "any namespace" }} every {{ .Values.exporter.interval }}:
  kubectl -n {{ $namespace }} get servicemonitor {{ include "gpu-monitoring.fullname" (list . "exporter") }}
The Service that it reads must be there:
  kubectl get service {{ with .Values.exporter.namespace }}-n {{ . }}{{ else }}-A{{ end }} -l {{ include "gpu-monitoring.exporterSelector" . }}
{{- end }}
{{- if include "gpu-monitoring.hasApi" (list . "monitoring.coreos.com/v1" "PrometheusRule") }}
Rules{{ if .Values.alerts.enabled }} and alerts{{ end }}:
  kubectl -n {{ $namespace }} get prometheusrule {{ include "gpu-monitoring.fullname" (list . "rules") }}
{{- end }}
{{- if .Values.exporter.metricsConfigMap }}
The list of metrics, which the exporter has to be told of (-f, or customMetrics):
  kubectl -n {{ .Values.exporter.namespace | default $namespace }} get configmap {{ include "gpu-monitoring.fullname" (list . "metrics") }}
{{- end }}
{{- end -}}
