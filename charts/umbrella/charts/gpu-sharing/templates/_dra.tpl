{{- /* "true" when the cluster has Dynamic Resource Allocation for good, and it is wanted. Takes the root context. */ -}}
{{- define "gpu-sharing.hasDra" -}}
{{- if and .Values.dra.enabled (semverCompare ">=1.34.0-0" .Capabilities.KubeVersion.Version) -}}true{{- end -}}
{{- end -}}

{{- /* Name of a claim's DeviceClass, which no namespace keeps apart. Takes the root context and the claim's name. */ -}}
{{- define "gpu-sharing.deviceClass" -}}
{{- $root := index . 0 -}}
{{- printf "%s.%s" (include "gpu-sharing.fullname" .) $root.Release.Namespace -}}
{{- end -}}

{{- /* How containers share the GPU of a claim, in the driver's words; nothing for none. Takes the claim. */ -}}
{{- define "gpu-sharing.draSharing" -}}
{{- $sharing := dig "sharing" "none" . -}}
{{- if eq $sharing "time-slicing" -}}
strategy: TimeSlicing
timeSlicingConfig:
  interval: {{ dig "interval" "Default" . }}
{{- else if eq $sharing "mps" -}}
strategy: MPS
{{- end -}}
{{- end -}}
