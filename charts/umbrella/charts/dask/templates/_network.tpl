{{/*
Pieces of NetworkPolicies: each takes dict "root" $ ... and gives a YAML list of rules, perhaps none.

"dask.networkPolicy" (dict "root" $ "role" <whose pods> "ingress" (list <YAML list> ...) "egress" (list ...))
*/}}
{{- define "dask.networkPolicy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "dask.fullname" (list .root .role) }}
  namespace: {{ include "dask.namespace" .root | quote }}
  labels:
    {{- include "dask.labels" (list .root .role) | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "dask.roleLabels" . | nindent 6 }}
  policyTypes:
    - Ingress
    - Egress
  {{- /* Without a rule no list at all: the API server drops an empty one, and kubectl would put it back forever. */}}
  {{- with include "dask.rules" (append .ingress (toYaml .root.Values.networkPolicy.extraIngress)) | fromYamlArray }}
  ingress:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  egress:
    {{- include "dask.rules" (append .egress (toYaml .root.Values.networkPolicy.extraEgress)) | nindent 4 }}
{{- end }}

{{/*
"dask.rolePeer" (dict "root" $ "role" ...) -> pods of this release in the same namespace
*/}}
{{- define "dask.rolePeer" -}}
- podSelector:
    matchLabels:
      {{- include "dask.roleLabels" . | nindent 6 }}
{{- end }}

{{- define "dask.tcpPorts" -}}
{{- $ports := list }}
{{- range . }}
{{- $ports = append $ports (dict "protocol" "TCP" "port" .) }}
{{- end }}
{{- toYaml $ports }}
{{- end }}

{{/*
"dask.rules" (list <YAML list> ...) -> one YAML list of all rules; a text may be empty.
*/}}
{{- define "dask.rules" -}}
{{- $rules := list }}
{{- range . }}
{{- with fromYamlArray . }}
{{- $rules = concat $rules . }}
{{- end }}
{{- end }}
{{- toYaml $rules }}
{{- end }}

{{/*
Name resolution, by port alone: a node-local cache answers from the node's own address.
*/}}
{{- define "dask.egressDns" -}}
- ports:
    - protocol: UDP
      port: 53
    - protocol: TCP
      port: 53
{{- end }}

{{- define "dask.egressScheduler" -}}
- to:
    {{- include "dask.rolePeer" (dict "root" .root "role" "scheduler") | nindent 4 }}
  ports:
    {{- include "dask.tcpPorts" (list "scheduler" "dashboard") | nindent 4 }}
{{- end }}

{{- define "dask.egressWorkers" -}}
- to:
    {{- include "dask.rolePeer" (dict "root" .root "role" "worker") | nindent 4 }}
  ports:
    {{- include "dask.tcpPorts" .ports | nindent 4 }}
{{- end }}

{{/*
"dask.ingressRole" (dict "root" $ "role" <who may come> "ports" list)
*/}}
{{- define "dask.ingressRole" -}}
- from:
    {{- include "dask.rolePeer" . | nindent 4 }}
  ports:
    {{- include "dask.tcpPorts" .ports | nindent 4 }}
{{- end }}

{{/*
Clients from elsewhere, by label.
*/}}
{{- define "dask.ingressClients" -}}
{{- range .root.Values.networkPolicy.clients }}
- from:
    - podSelector:
        matchLabels: {{ dig "podLabels" dict . | toJson }}
      {{- if dig "inRelease" false . }}
      namespaceSelector:
        matchLabels: {"kubernetes.io/metadata.name": {{ $.root.Release.Namespace | quote }}}
      {{- else }}
      {{- with dig "namespaceLabels" dict . }}
      namespaceSelector:
        matchLabels: {{ toJson . }}
      {{- end }}
      {{- end }}
  ports:
    {{- include "dask.tcpPorts" (list "scheduler" "dashboard") | nindent 4 }}
{{- end }}
{{- end }}

{{/*
What code of the users may reach. Private ranges and the metadata address of clouds are not public.
*/}}
{{- define "dask.egressUsers" -}}
{{- $egress := .root.Values.networkPolicy.egress }}
{{- if or $egress.publicAddresses $egress.cidrs }}
- to:
    {{- if $egress.publicAddresses }}
    - ipBlock:
        cidr: 0.0.0.0/0
        except:
          - 10.0.0.0/8
          - 100.64.0.0/10
          - 169.254.0.0/16
          - 172.16.0.0/12
          - 192.168.0.0/16
    - ipBlock:
        cidr: 2000::/3
    {{- end }}
    {{- range $egress.cidrs }}
    - ipBlock:
        cidr: {{ . | quote }}
    {{- end }}
{{- end }}
{{- end }}

{{/*
"dask.ingressMonitoring" (dict "root" $ "ports" list)
*/}}
{{- define "dask.ingressMonitoring" -}}
{{- with .root.Values.networkPolicy.monitoringNamespaceLabels }}
- from:
    - namespaceSelector:
        matchLabels:
          {{- toYaml . | nindent 10 }}
  ports:
    {{- include "dask.tcpPorts" $.ports | nindent 4 }}
{{- end }}
{{- end }}

{{/*
"dask.ingressOutside" (dict "root" $ "service" settings "route" settings "ports" list "routePort" name)
A Service of type NodePort or LoadBalancer lets everyone in, or the ranges it names; a route lets in the pods of
the namespaces where its Gateways are.
*/}}
{{- define "dask.ingressOutside" -}}
{{- if ne .service.type "ClusterIP" }}
- ports:
    {{- include "dask.tcpPorts" .ports | nindent 4 }}
  {{- with .service.loadBalancerSourceRanges }}
  from:
    {{- range . }}
    - ipBlock:
        cidr: {{ . | quote }}
    {{- end }}
  {{- end }}
{{- end }}
{{- if .route.enabled }}
{{- range .route.parentRefs }}
- from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ .namespace | default (include "dask.namespace" $.root) | quote }}
  ports:
    {{- include "dask.tcpPorts" (list $.routePort) | nindent 4 }}
{{- end }}
{{- end }}
{{- end }}
