{{/*
What the umbrella's NOTES say about Dask. The context is that of the subchart.
*/}}
{{- define "dask.notes" -}}
{{- $namespace := include "dask.namespace" . }}
{{- $scheduler := include "dask.fullname" (list . "scheduler") }}
{{- $tls := ternary " (TLS)" "" (ne .Values.tls.secretName "") -}}
Dask {{ .Chart.AppVersion }} in namespace {{ $namespace }}
{{- if .Values.notebook.enabled }}
{{ $notebook := include "dask.fullname" (list . "notebook") }}
The notebook waits until its Secret is there. Make it once, with a token that nobody knows:
  kubectl -n {{ $namespace }} get secret {{ include "dask.tokenSecret" . }} || kubectl -n {{ $namespace }} create secret generic {{ include "dask.tokenSecret" . }} --from-literal={{ .Values.notebook.auth.key }}="$(head -c 32 /dev/urandom | base64 | tr -dc A-Za-z0-9)"
Read the token, which the login page asks for:
  kubectl -n {{ $namespace }} get secret {{ include "dask.tokenSecret" . }} -o go-template='{{ printf "{{ index .data %q | base64decode }}" .Values.notebook.auth.key }}'
Open the notebook:
{{- include "dask.access" (dict "root" $ "name" $notebook "service" .Values.notebook.service "portName" "http" "port" .Values.notebook.port) }}
{{- include "dask.routeNote" .Values.notebook.route }}
{{- end }}

Open the dashboard:
{{- include "dask.access" (dict "root" $ "name" $scheduler "service" .Values.scheduler.service "portName" "dashboard" "port" .Values.scheduler.dashboardPort) }}
{{- include "dask.routeNote" .Values.scheduler.route }}

Compute, in the notebook or any pod that the network policy lets in{{ $tls }}:
  from distributed import Client; client = Client("{{ include "dask.schedulerAddress" . }}")
Scale:
  helm upgrade {{ .Release.Name }} ./charts/umbrella -n {{ .Release.Namespace }} --reuse-values --set dask.worker.replicas=10
{{- range $component, $settings := include "dask.workers" . | fromJson }}
  {{ $component }}: {{ if $settings.autoscaling.enabled }}{{ int $settings.autoscaling.minReplicas }} to {{ int $settings.autoscaling.maxReplicas }} by load{{ else }}{{ int $settings.replicas }}{{ end }}
{{- end }}
{{- if .Values.test.enabled }}
Test with a computation:
  helm test {{ .Release.Name }} -n {{ .Release.Namespace }} --filter name={{ include "dask.fullname" (list . "test") }}
{{- end }}
{{- end }}

{{/*
Commands that are true for the type of the Service; each can be pasted into a shell.
*/}}
{{- define "dask.access" -}}
{{- $namespace := include "dask.namespace" .root }}
{{- $get := printf "kubectl -n %s get service %s -o jsonpath=" $namespace .name }}
{{- if eq .service.type "NodePort" }}
  echo "http://$(kubectl get nodes -o jsonpath='{.items[0].status.addresses[?(@.type=="InternalIP")].address}'):$({{ $get }}'{.spec.ports[?(@.name=="{{ .portName }}")].nodePort}')"
{{- else if eq .service.type "LoadBalancer" }}
  echo "http://$({{ $get }}'{.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}'):{{ int .port }}"   # once it has an address
{{- else }}
  kubectl -n {{ $namespace }} port-forward service/{{ .name }} {{ int .port }}:{{ .portName }}   # then http://127.0.0.1:{{ int .port }}
{{- end }}
{{- end }}

{{- define "dask.routeNote" -}}
{{- if .enabled }}
{{- range .hostnames }}
  https://{{ . }} or http://{{ . }}, as its Gateway listens
{{- end }}
{{- end }}
{{- end }}
