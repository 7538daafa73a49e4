{{- /*
Namespace of the ConfigMaps. A cluster that is asked and does not serve the reader's API does not have its namespace
either; there they wait in the release's. Without a cluster (helm template) the reader is taken to be there.
Takes the root context.
*/ -}}
{{- define "gpu-sharing.readerNamespace" -}}
{{- $reader := .Values.reader -}}
{{- if or (not $reader.namespace) (include "gpu-sharing.readerIsMissing" .) -}}
{{- include "gpu-sharing.namespace" . -}}
{{- else -}}
{{- $reader.namespace -}}
{{- end -}}
{{- end -}}

{{- /* "true" when a cluster was asked for the reader's API and does not serve it. Takes the root context. */ -}}
{{- define "gpu-sharing.readerIsMissing" -}}
{{- $api := .Values.reader.api -}}
{{- $apis := .Capabilities.APIVersions -}}
{{- if and $api ($apis.Has "v1/Pod") (not ($apis.Has $api)) -}}true{{- end -}}
{{- end -}}

{{- define "gpu-sharing.configMapName" -}}
{{- .Values.configMap | default (include "gpu-sharing.fullname" (list . "configs")) -}}
{{- end -}}

{{- define "gpu-sharing.migConfigMapName" -}}
{{- .Values.mig.configMap | default (include "gpu-sharing.fullname" (list . "mig-layouts")) -}}
{{- end -}}
