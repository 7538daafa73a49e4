{{/*
The parts that all pods of this chart share. Each takes
  dict "root" $ "role" scheduler|worker|notebook|test "component" <name in labels> "settings" <that section of the values>
*/}}

{{/*
Labels that find all pods of a role, whatever their group.
*/}}
{{- define "dask.roleLabels" -}}
app.kubernetes.io/name: dask
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
labhelm.io/dask-role: {{ .role }}
{{- end }}

{{/*
The labels of selectors come last, so that the user's cannot take a pod away from its Deployment. A Deployment's
pods do without the chart's version, which would restart them; the test is an object of its own and has it.
*/}}
{{- define "dask.podMetadata" -}}
{{- $labels := dict }}
{{- range $key, $value := .settings.podLabels }}
{{- $_ := set $labels $key $value }}
{{- end }}
{{- $kind := ternary "labels" "selectorLabels" (eq .role "test") }}
{{- range $key, $value := include (printf "dask.%s" $kind) (list .root .component) | fromYaml }}
{{- $_ := set $labels $key $value }}
{{- end }}
{{- range $key, $value := include "dask.roleLabels" . | fromYaml }}
{{- $_ := set $labels $key $value }}
{{- end -}}
labels:
  {{- toYaml $labels | nindent 2 }}
{{- $annotations := dict }}
{{- range $key, $value := .settings.podAnnotations }}
{{- $_ := set $annotations $key $value }}
{{- end }}
{{- with include "dask.configFiles" . | fromYaml }}
{{- $_ := set $annotations "checksum/config" (toJson . | sha256sum) }}
{{- end }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/*
Files of the ConfigMap that pods of this role mount.
*/}}
{{- define "dask.configFiles" -}}
{{- with .root.Values.config }}
dask.yaml: |
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if and (eq .role "notebook") .root.Values.notebook.config }}
jupyter_server_config.py: |
  {{- .root.Values.notebook.config | nindent 2 }}
{{- end }}
{{- end }}

{{- define "dask.serviceAccountName" -}}
{{- .settings.serviceAccountName | default (include "dask.fullname" (list .root .role)) }}
{{- end }}

{{/*
Everything of a pod's spec but its main container. Service links are off: a Service named jupyter would set
JUPYTER_PORT, which Jupyter reads.
*/}}
{{- define "dask.podSpec" -}}
{{- $settings := .settings -}}
serviceAccountName: {{ include "dask.serviceAccountName" . | quote }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: {{ int $settings.terminationGracePeriodSeconds }}
{{- with include "dask.imagePullSecrets" (list .root list) }}
imagePullSecrets:
  {{- . | nindent 2 }}
{{- end }}
{{- with $settings.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with include "dask.runtimeClassName" . }}
runtimeClassName: {{ . | quote }}
{{- end }}
securityContext:
  {{- include "dask.podSecurityContext" (list .root (include "dask.podSecurityOverrides" $settings | fromJson)) | nindent 2 }}
{{- if $settings.affinity }}
affinity:
  {{- toYaml $settings.affinity | nindent 2 }}
{{- else }}
{{- with include "dask.affinity" (list .root $settings.placement) }}
affinity:
  {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $settings.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $settings.tolerations }}
tolerations:
  {{- range $toleration := . }}
  - operator: {{ dig "operator" "Exists" $toleration }}
    {{- range $key := list "key" "value" "effect" }}
    {{- with dig $key "" $toleration }}
    {{ $key }}: {{ quote . }}
    {{- end }}
    {{- end }}
  {{- end }}
{{- end }}
{{- with $settings.topologySpread }}
topologySpreadConstraints:
  {{- range . }}
  - topologyKey: {{ dig "topologyKey" "kubernetes.io/hostname" . }}
    maxSkew: {{ dig "maxSkew" 1 . | int }}
    whenUnsatisfiable: {{ dig "whenUnsatisfiable" "ScheduleAnyway" . }}
    labelSelector:
      matchLabels:
        {{- include "dask.selectorLabels" (list $.root $.component) | nindent 8 }}
  {{- end }}
{{- end }}
{{- with $settings.initContainers }}
initContainers:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  {{- include "dask.volumes" . | nindent 2 }}
{{- end }}

{{- define "dask.runtimeClassName" -}}
{{- $gpus := int .settings.gpus }}
{{- .settings.runtimeClassName | default (ternary .root.Values.global.gpu.runtimeClassName "" (gt $gpus 0)) }}
{{- end }}

{{- define "dask.podSecurityOverrides" -}}
{{- $result := dict }}
{{- range $key, $value := .user }}
{{- if int $value }}
{{- $_ := set $result $key (int $value) }}
{{- end }}
{{- end }}
{{- range $key, $value := .podSecurityContext }}
{{- $_ := set $result $key $value }}
{{- end }}
{{- toJson $result }}
{{- end }}

{{- define "dask.containerSecurityOverrides" -}}
{{- $result := dict "readOnlyRootFilesystem" .readOnlyRootFilesystem }}
{{- range $key, $value := .containerSecurityContext }}
{{- $_ := set $result $key $value }}
{{- end }}
{{- toJson $result }}
{{- end }}
