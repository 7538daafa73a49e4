{{- /* What the umbrella's NOTES say about the network. Takes a context like the subchart's own. */ -}}
{{- define "network.notes" -}}
{{- range $key, $pool := .Values.loadBalancer.pools }}
Services of type LoadBalancer get addresses of {{ join ", " $pool.addresses }}
{{- end }}
{{- if and .Values.gateway.enabled .Values.pages }}
{{- $gateway := include "network.gateway" . | fromJson }}
Let the names below lead to the address of the Gateway (or of the Service of its proxy, when it shows none):
  kubectl get gateways.gateway.networking.k8s.io {{ $gateway.name }} -n {{ $gateway.namespace }} -o jsonpath='{.status.addresses[*].value}'
{{- else if and .Values.ingress.enabled .Values.pages }}
Let the names below lead to the address of the ingress controller:
  kubectl get ingresses -A -l app.kubernetes.io/instance={{ .Release.Name }},app.kubernetes.io/name=network
{{- end }}
{{- if or .Values.gateway.enabled .Values.ingress.enabled }}
{{- $issued := false }}
{{- range $name, $page := .Values.pages }}
  {{ $name }}: {{ include "network.pageSecret" (list $ $name $page) | empty | ternary "http" "https" }}://{{ $page.host }}
{{- if include "network.certificateNamespaces" (list $ $page) | fromJsonArray }}{{ $issued = true }}{{ end }}
{{- end }}
{{- if $issued }}
Each https page needs its certificate; READY says whether it is there:
  kubectl get certificates.cert-manager.io -A -l app.kubernetes.io/instance={{ .Release.Name }},app.kubernetes.io/name=network
{{- end }}
{{- with .Values.tls.secretName }}
The certificate is yours. Give it, where the Gateway or the Ingress is:
  kubectl create secret tls {{ . }} --cert=tls.crt --key=tls.key -n {{ include "network.namespace" $ }}
{{- end }}
{{- end }}
{{- range $key, $issuer := .Values.issuers }}
{{- $secret := include "network.caSecret" (list $ $key $issuer) }}
{{- if include "network.makesCa" $issuer }}
Browsers know the CA {{ $key }} once this file is imported:
  kubectl get secret {{ $secret }} -n {{ include "network.issuerNamespace" (list $ $issuer) }} -o go-template='{{ printf "{{ index .data %q | base64decode }}" "tls.crt" }}' > ca.crt
{{- else if eq $issuer.type "ca" }}
Issuer {{ $key }} waits for its CA:
  kubectl create secret tls {{ $secret }} --cert=ca.crt --key=ca.key -n {{ include "network.issuerNamespace" (list $ $issuer) }}
{{- end }}
{{- end }}
{{- if .Values.istio.enabled }}
Kubeflow: {{ coalesce .Values.istio.tlsSecret .Values.tls.secretName (include "network.issuerRef" .) | empty | ternary "http" "https" }}://{{ .Values.istio.host }}, at the address of
  kubectl get service -n {{ .Values.istio.podsNamespace }} -l {{ range $k, $v := .Values.istio.selector }}{{ $k }}={{ $v }}{{ end }}
{{- end }}
{{- end -}}
