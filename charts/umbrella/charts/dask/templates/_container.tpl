{{/*
The main container of a pod; the dict is that of _pod.tpl.
*/}}
{{- define "dask.container" -}}
{{- $settings := .settings -}}
{{- $image := include "dask.roleImage" . | fromJson -}}
- name: {{ .role }}
  image: {{ include "dask.image" (list .root $image) | quote }}
  imagePullPolicy: {{ $image.pullPolicy }}
  {{- with $settings.command }}
  command:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with include "dask.args" . | fromYamlArray }}
  args:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if eq .role "notebook" }}
  workingDir: {{ $settings.rootDir | default $settings.home.mountPath | quote }}
  {{- end }}
  env:
    {{- include "dask.env" . | trim | nindent 4 }}
  {{- if or $settings.envFromSecrets $settings.envFromConfigMaps }}
  envFrom:
    {{- range $settings.envFromConfigMaps }}
    - configMapRef:
        name: {{ quote . }}
    {{- end }}
    {{- range $settings.envFromSecrets }}
    - secretRef:
        name: {{ quote . }}
    {{- end }}
  {{- end }}
  {{- with include (printf "dask.%sPorts" .role) . }}
  ports:
    {{- . | nindent 4 }}
  {{- end }}
  {{- with include "dask.probes" . }}
  {{- . | trim | nindent 2 }}
  {{- end }}
  {{- if $settings.retireOnStop }}
  lifecycle:
    preStop:
      exec:
        command:
          - python3
          - -c
          - |
            {{- .root.Files.Get "files/retire.py" | trim | nindent 12 }}
  {{- end }}
  {{- with include "dask.resources" . }}
  resources:
    {{- . | trim | nindent 4 }}
  {{- end }}
  securityContext:
    {{- include "dask.containerSecurityContext" (list .root (include "dask.containerSecurityOverrides" $settings | fromJson)) | nindent 4 }}
  volumeMounts:
    {{- include "dask.volumeMounts" . | nindent 4 }}
{{- end }}

{{/*
A group may name its own image; scheduler, test and the other workers share that of the chart.
*/}}
{{- define "dask.roleImage" -}}
{{- $image := .root.Values.image }}
{{- $own := .settings.image | default dict }}
{{- if dig "repository" "" $own }}
{{- $image = dict "repository" $own.repository "tag" (dig "tag" "" $own) "digest" (dig "digest" "" $own) "pullPolicy" (dig "pullPolicy" "IfNotPresent" $own) }}
{{- end }}
{{- toJson $image }}
{{- end }}

{{- define "dask.schedulerPorts" -}}
- name: scheduler
  containerPort: {{ int .settings.port }}
- name: dashboard
  containerPort: {{ int .settings.dashboardPort }}
{{- end }}

{{- define "dask.workerPorts" -}}
- name: worker
  containerPort: 8788
{{- if .settings.nanny }}
- name: nanny
  containerPort: 8789
{{- end }}
- name: dashboard
  containerPort: 8790
{{- end }}

{{- define "dask.notebookPorts" -}}
- name: http
  containerPort: {{ int .settings.port }}
{{- end }}

{{- define "dask.testPorts" -}}
{{- end }}

{{- define "dask.probes" -}}
{{- $get := ternary (dict "path" "/api" "port" "http") (dict "path" "/health" "port" "dashboard") (eq .role "notebook") }}
{{- range $kind := list "startup" "readiness" "liveness" }}
{{- $probe := dig $kind dict ($.settings.probes | default dict) }}
{{- if $probe.enabled }}
{{ $kind }}Probe:
  httpGet:
    path: {{ $get.path }}
    port: {{ $get.port }}
  periodSeconds: {{ int $probe.periodSeconds }}
  timeoutSeconds: {{ int $probe.timeoutSeconds }}
  failureThreshold: {{ int $probe.failureThreshold }}
{{- end }}
{{- end }}
{{- end }}

{{/*
A quantity as text: Helm reads numbers of a file as floats, and would print 536870912 as 5.36870912e+08.
*/}}
{{- define "dask.quantity" -}}
{{- if kindIs "float64" . }}
{{- if eq (floor .) . }}{{ int64 . }}{{ else }}{{ . }}{{ end }}
{{- else }}
{{- . }}
{{- end }}
{{- end }}

{{/*
A request left out is as large as the limit. GPUs cannot be shared out by request, so both are equal.
*/}}
{{- define "dask.resources" -}}
{{- $requests := dict }}
{{- $limits := dict }}
{{- range $name := list "cpu" "memory" "ephemeral-storage" }}
{{- $limit := dig "limits" $name "" $.settings.resources | include "dask.quantity" }}
{{- $request := dig "requests" $name "" $.settings.resources | include "dask.quantity" | default $limit }}
{{- if $limit }}
{{- $_ := set $limits $name $limit }}
{{- end }}
{{- if $request }}
{{- $_ := set $requests $name $request }}
{{- end }}
{{- end }}
{{- with int .settings.gpus }}
{{- $_ := set $limits $.root.Values.global.gpu.resourceName (toString .) }}
{{- $_ := set $requests $.root.Values.global.gpu.resourceName (toString .) }}
{{- end }}
{{- with $requests }}
requests:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $limits }}
limits:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/*
`1` must be a number in a manifest and `25%` text; both come as text or number.
*/}}
{{- define "dask.countOrPercent" -}}
{{- $text := include "dask.quantity" . }}
{{- if hasSuffix "%" $text }}{{ quote $text }}{{ else }}{{ $text }}{{ end }}
{{- end }}
