{{- /* What the umbrella's NOTES say about JupyterHub. Takes a context like the subchart's own. */ -}}
{{- define "jupyterhub-config.notes" -}}
{{- $namespace := include "jupyterhub-config.namespace" . -}}
Configuration of JupyterHub in namespace {{ $namespace }}, ConfigMap {{ include "jupyterhub-config.fullname" (list . "hub") }}.
{{- with .Values.authentication }}
{{- $secret := dict }}
{{- if eq .type "ldap" }}{{ $secret = .ldap.searchPassword }}{{ else if .type }}{{ $secret = (index . .type).clientSecret }}{{ end }}
{{- with get $secret "name" }}
The hub waits until this Secret is there; it reads the value without showing it:
  kubectl -n {{ $namespace }} get secret {{ . }} || kubectl -n {{ $namespace }} create secret generic {{ . }} --from-file={{ $secret.key }}=/dev/stdin
{{- end }}
{{- end }}
The hub itself is the release of Zero to JupyterHub. After a change here it reads its configuration anew with:
{{- $selector := list }}
{{- range $key, $value := .Values.hub.labels }}{{ $selector = append $selector (printf "%s=%s" $key $value) }}{{ end }}
  kubectl -n {{ $namespace }} rollout restart deployment --selector {{ join "," $selector }}
{{- end -}}
