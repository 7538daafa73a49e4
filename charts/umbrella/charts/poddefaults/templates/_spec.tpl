{{- /*
The body of a PodDefault as YAML. Items come from a map, so any of their keys may be missing. Takes the name and the item.
*/ -}}
{{- define "poddefaults.spec" -}}
{{- $name := index . 0 -}}
{{- $item := index . 1 -}}
{{- $spec := deepCopy (get $item "extra" | default dict) -}}
{{- $_ := set $spec "desc" (get $item "description" | default $name) -}}
{{- $_ := set $spec "selector" (dict "matchLabels" (get $item "matchLabels" | default (dict $name "true"))) -}}
{{- $env := list -}}
{{- range $key, $value := get $item "env" | default dict -}}
{{- $text := and (kindIs "float64" $value) (eq (floor $value) $value) | ternary (printf "%d" (int64 $value)) (toString $value) -}}
{{- $env = append $env (dict "name" $key "value" $text) -}}
{{- end -}}
{{- $secrets := list -}}
{{- range get $item "imagePullSecrets" | default list -}}
{{- $secrets = append $secrets (dict "name" .) -}}
{{- end -}}
{{- range $key, $value := dict "env" $env "imagePullSecrets" $secrets "volumes" $item.volumes "volumeMounts" $item.volumeMounts "tolerations" $item.tolerations -}}
{{- if $value -}}{{- $_ := set $spec $key $value -}}{{- end -}}
{{- end -}}
{{- toYaml $spec -}}
{{- end -}}

{{- /* "true" when namespaces that come later are looked after. Takes the root context. */ -}}
{{- define "poddefaults.later" -}}
{{- if and .Values.later.enabled (ne .Values.global.customResources "never") -}}true{{- end -}}
{{- end -}}

{{- /* Names of objects that belong to no namespace. Takes the root context and the component. */ -}}
{{- define "poddefaults.clusterName" -}}
{{- printf "%s.%s" (include "poddefaults.fullname" .) (index . 0).Release.Namespace -}}
{{- end -}}

{{- /* Resources of a container; unset amounts are left out. Takes {requests, limits}. */ -}}
{{- define "poddefaults.resources" -}}
{{- $out := dict -}}
{{- range $kind := list "requests" "limits" -}}
{{- range $name, $amount := get $ $kind -}}
{{- if $amount -}}
{{- $_ := set $out $kind (set (get $out $kind | default dict) $name (toString $amount)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{- /* "true" when pods that ask for a GPU get a RuntimeClass. Takes the root context. */ -}}
{{- define "poddefaults.gpuRuntime" -}}
{{- if and .Values.gpuRuntime.enabled .Values.global.gpu.runtimeClassName (semverCompare ">=1.36.0-0" .Capabilities.KubeVersion.Version) -}}true{{- end -}}
{{- end -}}
