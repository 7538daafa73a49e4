{{- /* What the umbrella's NOTES say about storage. Takes a context like the subchart's own. */ -}}
{{- define "storage.notes" -}}
{{- $claims := include "storage.claims" . | fromJsonArray }}
{{- if $claims }}
{{- range $claims }}
{{ .name }} in {{ .namespace }} ({{ .size }}): {{ if .volumeName }}volume {{ .volumeName }}{{ else }}made by class {{ .className }}{{ end }}
  kubectl get persistentvolumeclaim {{ .name }} --namespace {{ .namespace }}
{{- end }}
Writes and reads in each of them:
  helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }} --timeout 10m
{{- $kept := list }}
{{- range $claims }}
{{- if hasKey .item "keep" | ternary .item.keep true }}{{ $kept = append $kept . }}{{ end }}
{{- end }}
{{- if $kept }}
Volumes and claims stay when the release is uninstalled, and when they are removed from the values; installed
again under the same name and namespace, the release takes them over and the data is there.
This removes them for good. PODS LOSE THEIR DATA, and with reclaim policy Delete it is destroyed; a volume with
Retain leaves what is on the server:
{{- range $kept }}
{{- if .create }}
  kubectl delete persistentvolumeclaim {{ .name }} --namespace {{ .namespace }}
{{- end }}
{{- with .volumeName }}
  kubectl delete persistentvolume {{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- $static := list }}
{{- range $claims }}{{ if .volumeName }}{{ $static = append $static . }}{{ end }}{{ end }}
{{- with first $static }}
A volume is Released after its claim was deleted by hand. Its data is untouched; this gives it to the claim again,
which the next upgrade makes anew:
  kubectl patch persistentvolume {{ .volumeName }} --type json \
    --patch '[{"op":"remove","path":"/spec/claimRef/uid"},{"op":"remove","path":"/spec/claimRef/resourceVersion"}]'
A static volume grows in its values, its claim cannot: keep the old size in storage.volumes.<name>.claim.size.
{{- end }}
{{- end }}
{{- with .Values.defaultClass }}
Claims that name no class get {{ . }}.
{{- end }}
{{- end -}}
