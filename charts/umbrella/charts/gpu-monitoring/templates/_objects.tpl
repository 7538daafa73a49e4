{{- /* Labels of monitor and rules: those that the stack selects by among them. Takes the root context, the component. */ -}}
{{- define "gpu-monitoring.selectedLabels" -}}
{{- $root := index . 0 -}}
{{- $labels := include "gpu-monitoring.labels" . | fromYaml -}}
{{- $_ := set $labels "release" $root.Values.stack.release -}}
{{- range $key, $value := $root.Values.labels -}}{{- $_ := set $labels $key $value -}}{{- end -}}
{{- toYaml $labels -}}
{{- end -}}

{{- /* Labels of the exporter's Service; without any, those of gpu-operator's. Takes the root context. */ -}}
{{- define "gpu-monitoring.exporterLabels" -}}
{{- .Values.exporter.labels | default (dict "app" "nvidia-dcgm-exporter") | toYaml -}}
{{- end -}}

{{- /* The same as `kubectl --selector` takes them. Takes the root context. */ -}}
{{- define "gpu-monitoring.exporterSelector" -}}
{{- $terms := list -}}
{{- range $key, $value := include "gpu-monitoring.exporterLabels" . | fromYaml -}}
{{- $terms = append $terms (printf "%s=%s" $key $value) -}}
{{- end -}}
{{- join "," $terms -}}
{{- end -}}
