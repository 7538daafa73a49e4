{{- /* What the umbrella's NOTES say about PodDefaults. Takes a context like the subchart's own. */ -}}
{{- define "poddefaults.notes" -}}
{{- range $name, $item := .Values.podDefaults }}
{{ $name }}: for pods with {{ range $key, $value := get $item "matchLabels" | default (dict $name "true") }}{{ $key }}={{ $value }} {{ end }}in {{ get $item "namespaces" | default $.Values.namespaces | join ", " | default "no namespace yet" }}
{{- end }}
{{- with .Values.namespaces }}
Kubeflow's webhook looks at namespaces with this label only; each of {{ join ", " . }} should be listed:
  kubectl get namespaces -l app.kubernetes.io/part-of=kubeflow-profile
{{- end }}
{{- if include "poddefaults.later" . }}
Namespaces that come later get those for all namespaces, too; at once by:
  kubectl create job -n {{ include "poddefaults.namespace" . }} --from=cronjob/{{ include "poddefaults.fullname" (list . "later") | trunc 52 | trimSuffix "-" }} poddefaults-now
They stay there when the release is uninstalled. This removes them:
  kubectl delete poddefaults -A -l labhelm.io/later={{ include "poddefaults.clusterName" (list . "later") | sha256sum | trunc 16 }}
{{- end }}
{{- if .Values.gpuRuntime.enabled }}
{{- if include "poddefaults.gpuRuntime" . }}
Pods there that ask for {{ .Values.global.gpu.resourceName }} get the RuntimeClass {{ .Values.global.gpu.runtimeClassName }}.
{{- else if .Values.global.gpu.runtimeClassName }}
Before Kubernetes 1.36 nothing gives notebooks the RuntimeClass {{ .Values.global.gpu.runtimeClassName }}: make nvidia containerd's default runtime (gpu.defaultRuntime).
{{- end }}
{{- end }}
{{- end -}}
