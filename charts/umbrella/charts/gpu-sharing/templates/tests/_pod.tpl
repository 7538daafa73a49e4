{{- /* Names of the pods of `helm test` by the node that each is for, "" for any. Takes the root context. */ -}}
{{- define "gpu-sharing.testPods" -}}
{{- $pods := dict -}}
{{- range .Values.test.nodes | default (list "") -}}
{{- $_ := set $pods . (include "gpu-sharing.fullname" (list $ (printf "test-%s" . | trimSuffix "-"))) -}}
{{- end -}}
{{- toJson $pods -}}
{{- end -}}

{{- /* A quantity as text; YAML and --set may give a number. Takes the quantity. */ -}}
{{- define "gpu-sharing.quantity" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}
{{- int64 . -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end -}}

{{- /* Resources of the test, one GPU among them; unset amounts are left out. Takes the root context. */ -}}
{{- define "gpu-sharing.testResources" -}}
{{- $out := dict "limits" (dict .Values.global.gpu.resourceName "1") -}}
{{- range $kind := list "requests" "limits" -}}
{{- range $name, $amount := get $.Values.test.resources $kind -}}
{{- if $amount -}}
{{- $_ := set $out $kind (set (get $out $kind | default dict) $name (include "gpu-sharing.quantity" $amount)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}
