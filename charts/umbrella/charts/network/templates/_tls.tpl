{{- /* Which page has which certificate, and who makes it. */ -}}

{{- /* Reference of the issuer of all pages, as JSON; nothing without one. Takes the root context. */ -}}
{{- define "network.issuerRef" -}}
{{- $tls := .Values.tls -}}
{{- if $tls.issuerRef.name -}}
{{- dict "group" "cert-manager.io" "kind" $tls.issuerRef.kind "name" $tls.issuerRef.name | toJson -}}
{{- else if $tls.issuer -}}
{{- if not (hasKey .Values.issuers $tls.issuer) -}}
{{- fail (printf "network.tls.issuer is %q, but network.issuers has no such issuer" $tls.issuer) -}}
{{- end -}}
{{- $issuer := get .Values.issuers $tls.issuer -}}
{{- $name := include "network.sharedName" (list . $tls.issuer (get $issuer "name")) -}}
{{- dict "group" "cert-manager.io" "kind" (get $issuer "kind" | default "ClusterIssuer") "name" $name | toJson -}}
{{- end -}}
{{- end -}}

{{- /* TLS Secret of a page; nothing for plain HTTP. Takes the root context, the page's name, the page. */ -}}
{{- define "network.pageSecret" -}}
{{- $root := index . 0 -}}
{{- $own := get (index . 2) "tlsSecret" | default $root.Values.tls.secretName -}}
{{- if $own -}}
{{- $own -}}
{{- else if include "network.issuerRef" $root -}}
{{- include "network.fullname" (list $root (printf "%s-tls" (index . 1))) -}}
{{- end -}}
{{- end -}}

{{- /* "true" when cert-manager makes the page's certificate. Takes the root context and the page. */ -}}
{{- define "network.pageIsIssued" -}}
{{- $root := index . 0 -}}
{{- if not (get (index . 1) "tlsSecret" | default $root.Values.tls.secretName) -}}
{{- if include "network.issuerRef" $root -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Namespaces that need a page's certificate, each once, as JSON. Takes the root context and the page. */ -}}
{{- define "network.certificateNamespaces" -}}
{{- $root := index . 0 -}}
{{- $found := list -}}
{{- if include "network.pageIsIssued" . -}}
{{- if and $root.Values.gateway.enabled (not $root.Values.gateway.existing.name) -}}
{{- $found = append $found (include "network.namespace" $root) -}}
{{- end -}}
{{- if $root.Values.ingress.enabled -}}
{{- $found = append $found (include "network.pageNamespace" .) -}}
{{- end -}}
{{- end -}}
{{- $found | uniq | toJson -}}
{{- end -}}

{{- /*
A certificate. Takes the root context and {name, namespace, host, component}.
A new key with each renewal, as cert-manager does by itself since 1.18.
*/ -}}
{{- define "network.certificate" -}}
{{- $root := index . 0 -}}
{{- with index . 1 -}}
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: {{ .name | quote }}
  namespace: {{ .namespace | quote }}
  labels:
    {{- include "network.labels" (list $root .component) | nindent 4 }}
spec:
  secretName: {{ .name | quote }}
  dnsNames:
    - {{ .host | quote }}
  {{- with $root.Values.tls.duration }}
  duration: {{ . }}
  {{- end }}
  privateKey:
    rotationPolicy: Always
  issuerRef:
    {{- include "network.issuerRef" $root | fromJson | toYaml | nindent 4 }}
{{- end -}}
{{- end -}}

{{- /*
Solvers of an ACME issuer as YAML. http01 goes through the way in: the solver's route is for one exact path of one
host, so it comes before every other route there, the redirect among them. Takes the root context and the issuer.
*/ -}}
{{- define "network.solvers" -}}
{{- $root := index . 0 -}}
{{- $acme := get (index . 1) "acme" | default dict -}}
{{- if get $acme "solvers" -}}
{{- toYaml $acme.solvers -}}
{{- else if get $acme "dns01" -}}
{{- list (dict "dns01" $acme.dns01) | toYaml -}}
{{- else if $root.Values.gateway.enabled -}}
{{- $parent := include "network.gateway" $root | fromJson -}}
{{- $_ := set $parent "group" "gateway.networking.k8s.io" -}}
{{- $_ := set $parent "kind" "Gateway" -}}
{{- if not $root.Values.gateway.existing.name -}}
{{- $_ := set $parent "sectionName" "http" -}}
{{- end -}}
{{- list (dict "http01" (dict "gatewayHTTPRoute" (dict "parentRefs" (list $parent)))) | toYaml -}}
{{- else -}}
{{- $ingress := dict -}}
{{- with $root.Values.ingress.className -}}
{{- $_ := set $ingress "ingressClassName" . -}}
{{- end -}}
{{- list (dict "http01" (dict "ingress" $ingress)) | toYaml -}}
{{- end -}}
{{- end -}}
