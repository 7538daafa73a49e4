{{- /*
An Ingress of a page. Takes the root context, the page's name, the page, what to put behind the object's name,
further annotations, and the TLS Secret ("" for none).
*/ -}}
{{- define "network.ingress" -}}
{{- $root := index . 0 -}}
{{- $page := index . 2 -}}
{{- $annotations := deepCopy $root.Values.ingress.annotations -}}
{{- range $key, $value := index . 4 -}}
{{- $_ := set $annotations $key $value -}}
{{- end -}}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "network.fullname" (list $root (printf "%s%s" (index . 1) (index . 3))) | quote }}
  namespace: {{ include "network.pageNamespace" (list $root $page) | quote }}
  labels:
    {{- include "network.labels" (list $root (index . 1)) | nindent 4 }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with $root.Values.ingress.className }}
  ingressClassName: {{ . | quote }}
  {{- end }}
  {{- with index . 5 }}
  tls:
    - hosts:
        - {{ $page.host | quote }}
      secretName: {{ . | quote }}
  {{- end }}
  rules:
    - host: {{ $page.host | quote }}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: {{ include "network.pageService" (list $root $page) | quote }}
                port:
                  number: {{ include "network.pagePort" $page }}
{{- end -}}
