{{- /* Head of an issuer. Takes the root context, the issuer's key, the issuer, and what to put behind its name. */ -}}
{{- define "network.issuerHead" -}}
{{- $root := index . 0 -}}
{{- $key := index . 1 -}}
{{- $issuer := index . 2 -}}
{{- $kind := get $issuer "kind" | default "ClusterIssuer" -}}
apiVersion: cert-manager.io/v1
kind: {{ $kind }}
metadata:
  name: {{ printf "%s%s" (include "network.sharedName" (list $root $key (get $issuer "name"))) (index . 3) | quote }}
  {{- if eq $kind "Issuer" }}
  namespace: {{ include "network.namespace" $root | quote }}
  {{- end }}
  labels:
    {{- include "network.labels" (list $root $key) | nindent 4 }}
{{- end -}}

{{- /* Where the issuer's Secrets are. Takes the root context and the issuer. */ -}}
{{- define "network.issuerNamespace" -}}
{{- $root := index . 0 -}}
{{- if eq (get (index . 1) "kind" | default "ClusterIssuer") "ClusterIssuer" -}}
{{- $root.Values.certManagerNamespace -}}
{{- else -}}
{{- include "network.namespace" $root -}}
{{- end -}}
{{- end -}}

{{- /* Secret of a CA. Takes the root context, the issuer's key, the issuer. */ -}}
{{- define "network.caSecret" -}}
{{- $issuer := index . 2 -}}
{{- $name := include "network.sharedName" (list (index . 0) (index . 1) (get $issuer "name")) -}}
{{- dig "ca" "secretName" "" $issuer | default (printf "%s-ca" $name) -}}
{{- end -}}

{{- /* "true" when cert-manager is to make the issuer's CA. Takes the issuer. */ -}}
{{- define "network.makesCa" -}}
{{- if eq .type "ca" -}}{{- if dig "ca" "create" false . -}}true{{- end -}}{{- end -}}
{{- end -}}
