{{/*
"dask.service" (dict "root" $ "component" "notebook" "service" settings "ports" (dict name number))
*/}}
{{- define "dask.service" -}}
{{- $service := .service -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "dask.fullname" (list .root .component) }}
  namespace: {{ include "dask.namespace" .root | quote }}
  labels:
    {{- include "dask.labels" (list .root .component) | nindent 4 }}
  {{- with $service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ $service.type }}
  {{- with $service.ipFamilyPolicy }}
  ipFamilyPolicy: {{ . }}
  {{- end }}
  {{- if ne $service.type "ClusterIP" }}
  {{- with $service.externalTrafficPolicy }}
  externalTrafficPolicy: {{ . }}
  {{- end }}
  {{- end }}
  {{- if eq $service.type "LoadBalancer" }}
  {{- with $service.loadBalancerClass }}
  loadBalancerClass: {{ . | quote }}
  {{- end }}
  {{- with $service.loadBalancerSourceRanges }}
  loadBalancerSourceRanges:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  selector:
    {{- include "dask.selectorLabels" (list .root .component) | nindent 4 }}
  ports:
    {{- range $name, $port := .ports }}
    - name: {{ $name }}
      port: {{ int $port }}
      targetPort: {{ $name }}
      {{- if ne $service.type "ClusterIP" }}
      {{- with int (get $service.nodePorts $name) }}
      nodePort: {{ . }}
      {{- end }}
      {{- end }}
    {{- end }}
{{- end }}

{{/*
"dask.route" (dict "root" $ "component" "notebook" "name" <of the route> "route" settings "port" number)
*/}}
{{- define "dask.route" -}}
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: {{ include "dask.fullname" (list .root .component) }}
  namespace: {{ include "dask.namespace" .root | quote }}
  labels:
    {{- include "dask.labels" (list .root .component) | nindent 4 }}
spec:
  parentRefs:
    {{- toYaml .route.parentRefs | nindent 4 }}
  {{- with .route.hostnames }}
  hostnames:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  rules:
    - backendRefs:
        - name: {{ include "dask.fullname" (list .root .component) }}
          port: {{ int .port }}
{{- end }}

{{- define "dask.monitorLabels" -}}
{{- $labels := include "dask.labels" (list . "metrics") | fromYaml }}
{{- range $key, $value := .Values.metrics.labels }}
{{- $_ := set $labels $key $value }}
{{- end }}
{{- toYaml $labels }}
{{- end }}
