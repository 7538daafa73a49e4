{{- /*
Names of the deployer's objects. Those of cluster roles and their bindings hold the release's namespace too, as two
releases of one name may live in two namespaces.
*/ -}}

{{- define "teams.deployer.name" -}}
{{- .Values.deployer.name | default (include "teams.fullname" (list . "deployer")) -}}
{{- end -}}

{{- define "teams.deployer.namespace" -}}
{{- .Values.deployer.namespace | default (include "teams.namespace" .) -}}
{{- end -}}

{{- /* Takes the root context and what the role is about. */ -}}
{{- define "teams.deployer.clusterName" -}}
{{- $root := index . 0 -}}
{{- printf "%s.%s" (include "teams.fullname" (list $root (printf "deployer-%s" (index . 1)))) $root.Release.Namespace -}}
{{- end -}}

{{- /* "true" when the account gets the charts' rights, not cluster-admin. Takes the root context. */ -}}
{{- define "teams.deployer.limited" -}}
{{- if and .Values.deployer.enabled (not .Values.deployer.clusterAdmin) -}}true{{- end -}}
{{- end -}}

{{- /* Namespaces that charts of the release render into, each once, as JSON. Takes the root context. */ -}}
{{- define "teams.deployer.namespaces" -}}
{{- $teams := include "teams.namespaces" . | fromJsonArray -}}
{{- concat (list .Release.Namespace) $teams .Values.deployer.namespaces | uniq | toJson -}}
{{- end -}}

{{- define "teams.deployer.subject" -}}
- kind: ServiceAccount
  name: {{ include "teams.deployer.name" . | quote }}
  namespace: {{ include "teams.deployer.namespace" . | quote }}
{{- end -}}

{{- /*
"true" when the namespace of another release is there, as far as one can know: a cluster that is asked and does not
serve what comes with it has no such namespace. Takes the root context and group/version/kind, "" for no question.
*/ -}}
{{- define "teams.deployer.hasNamespace" -}}
{{- $root := index . 0 -}}
{{- $api := index . 1 -}}
{{- $apis := $root.Capabilities.APIVersions -}}
{{- $always := eq $root.Values.global.customResources "always" -}}
{{- if or $always (not $api) (not ($apis.Has "v1/Pod")) ($apis.Has $api) -}}true{{- end -}}
{{- end -}}

{{- /* "true" when the account writes ConfigMaps where the device plugin's runner is. Takes the root context. */ -}}
{{- define "teams.deployer.hasGpuConfigs" -}}
{{- $configs := .Values.deployer.gpuConfigs -}}
{{- $there := include "teams.deployer.hasNamespace" (list . $configs.api) -}}
{{- if and (include "teams.deployer.limited" .) $configs.namespace $configs.names $there -}}true{{- end -}}
{{- end -}}
