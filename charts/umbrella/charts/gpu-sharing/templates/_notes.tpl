{{- /* What the umbrella's NOTES say about shared GPUs. Takes a context like the subchart's own. */ -}}
{{- define "gpu-sharing.notes" -}}
{{- $configs := include "gpu-sharing.configs" . | fromJson }}
{{- if $configs }}
Configurations of the device plugin: {{ keys $configs | sortAlpha | join ", " }} (without a label: {{ .Values.defaultConfig }})
  kubectl get configmap {{ include "gpu-sharing.configMapName" . }} --namespace {{ include "gpu-sharing.readerNamespace" . }} --output yaml
What each node offers, once its plugin has read them:
  kubectl get nodes --output custom-columns='NODE:.metadata.name,CONFIG:.metadata.labels.nvidia\.com/device-plugin\.config,{{ .Values.global.gpu.resourceName | upper }}:.status.allocatable.{{ .Values.global.gpu.resourceName | replace "." "\\." }}'
{{- range $node, $name := .Values.nodes }}
Where the machine is not prepared by node-prep:
  kubectl label node {{ $node }} nvidia.com/device-plugin.config={{ $name }} --overwrite
{{- end }}
{{- if include "gpu-sharing.readerIsMissing" . }}
NOTHING READS THEM YET: the cluster does not serve {{ .Values.reader.api }}, so they wait in namespace {{ include "gpu-sharing.readerNamespace" . }}.
Bring the base layer, then run the upgrade again:
  helm upgrade {{ .Release.Name }} ./charts/umbrella --namespace {{ .Release.Namespace }} --reuse-values
{{- end }}
The plugin reads a configuration when it starts. After a change by hand its pods have to start anew:
  kubectl rollout restart daemonset --namespace {{ include "gpu-sharing.readerNamespace" . }} --selector {{ empty .Values.reader.api | not | ternary "app=nvidia-device-plugin-daemonset" "app.kubernetes.io/name=nvidia-device-plugin" }}
{{- end }}
{{- if .Values.test.enabled }}
A CUDA program on a GPU:
  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }} --timeout 10m
{{- end }}
{{- if .Values.dra.enabled }}
{{- if include "gpu-sharing.hasDra" . }}
Dynamic Resource Allocation, experimental. Nodes with label labhelm.io/gpu-allocation=dra belong to its driver alone:
  kubectl get resourceclaimtemplates --all-namespaces
{{- else }}
Dynamic Resource Allocation is left out: it needs Kubernetes 1.34, and this is {{ .Capabilities.KubeVersion.Version }}.
{{- end }}
{{- end }}
{{- end -}}
