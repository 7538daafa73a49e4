{{/*
Environment of a container: the chart's, the user's over it, and last what the user may not replace. Each name once,
as server-side apply asks. USER is set because a user without an entry in /etc/passwd has no name otherwise.
*/}}
{{- define "dask.env" -}}
{{- $fixed := include "dask.fixedEnv" . | fromYamlArray }}
{{- $env := include "dask.defaultEnv" . | fromYaml }}
{{- range $name, $value := .settings.env }}
{{- $_ := set $env $name (include "dask.quantity" $value) }}
{{- end }}
{{- range $fixed }}
{{- $_ := unset $env .name }}
{{- end }}
{{- range $name, $value := $env }}
- name: {{ quote $name }}
  value: {{ quote $value }}
{{- end }}
{{- with $fixed }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "dask.defaultEnv" -}}
DASK_SCHEDULER_ADDRESS: {{ include "dask.schedulerAddress" .root }}
USER: dask
{{- if eq .role "notebook" }}
HOME: {{ .settings.home.mountPath | quote }}
JUPYTER_RUNTIME_DIR: /tmp/jupyter
{{- else }}
HOME: /tmp
{{- end }}
{{- if .root.Values.config }}
DASK_CONFIG: /etc/labhelm
{{- end }}
{{- if and (eq .role "notebook") .root.Values.notebook.config }}
JUPYTER_CONFIG_PATH: /etc/labhelm
{{- end }}
{{- if .root.Values.tls.secretName }}
DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION: "True"
DASK_DISTRIBUTED__COMM__TLS__CA_FILE: /etc/labhelm-tls/ca.crt
{{- range $user := list "CLIENT" "SCHEDULER" "WORKER" }}
DASK_DISTRIBUTED__COMM__TLS__{{ $user }}__CERT: /etc/labhelm-tls/tls.crt
DASK_DISTRIBUTED__COMM__TLS__{{ $user }}__KEY: /etc/labhelm-tls/tls.key
{{- end }}
{{- end }}
{{- end }}

{{- define "dask.fixedEnv" -}}
{{- if eq .role "worker" }}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- else if eq .role "notebook" }}
- name: JUPYTER_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ include "dask.tokenSecret" .root | quote }}
      key: {{ .root.Values.notebook.auth.key | quote }}
{{- end }}
{{- end }}
