{{- /* Name of what belongs to no namespace: releases of one name in two namespaces stay apart. Takes root and name. */ -}}
{{- define "training.clusterName" -}}
{{- printf "%s.%s" (include "training.fullname" .) (index . 0).Release.Namespace -}}
{{- end -}}

{{- /* Quotas of one flavor. Takes a map of resource and amount. */ -}}
{{- define "training.flavorQuotas" -}}
{{- range $resource, $amount := . }}
- name: {{ $resource | quote }}
  nominalQuota: {{ include "training.quantity" $amount | quote }}
{{- end }}
{{- end -}}

{{- /* The groups of a ClusterQueue: CPU and memory of any node, GPUs by kind. Takes the root context and the team. */ -}}
{{- define "training.resourceGroups" -}}
{{- $root := index . 0 -}}
{{- $team := index . 1 -}}
- coveredResources: [cpu, memory]
  flavors:
    - name: {{ include "training.clusterName" (list $root "any-node") | quote }}
      resources:
        {{- include "training.flavorQuotas" (dict "cpu" (dig "cpu" "" $team | default "0") "memory" (dig "memory" "" $team | default "0")) | trim | nindent 8 }}
{{- with $root.Values.queues.flavors }}
- coveredResources:
    - {{ $root.Values.global.gpu.resourceName | quote }}
  flavors:
    {{- range $flavor, $_ := . }}
    - name: {{ include "training.clusterName" (list $root (printf "gpu-%s" $flavor)) | quote }}
      resources:
        {{- include "training.flavorQuotas" (dict $root.Values.global.gpu.resourceName (get (dig "gpus" dict $team) $flavor | default 0 | int)) | trim | nindent 8 }}
    {{- end }}
{{- end }}
{{- end -}}
