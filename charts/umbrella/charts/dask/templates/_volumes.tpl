{{/*
Volumes of a pod and where they are mounted; the dict is that of _pod.tpl.
*/}}
{{- define "dask.volumes" -}}
- name: tmp
  emptyDir: {}
{{- if eq .role "worker" }}
- name: scratch
  {{- include "dask.emptyDir" .settings.scratch | nindent 2 }}
{{- end }}
{{- if eq .role "notebook" }}
- name: home
  {{- if .settings.home.claim }}
  persistentVolumeClaim:
    claimName: {{ .settings.home.claim | quote }}
  {{- else }}
  {{- include "dask.emptyDir" .settings.home | nindent 2 }}
  {{- end }}
{{- end }}
{{- with .settings.sharedMemory }}
- name: shared-memory
  {{- include "dask.emptyDir" (dict "medium" "Memory" "sizeLimit" .) | nindent 2 }}
{{- end }}
{{- if include "dask.configFiles" . }}
- name: config
  configMap:
    name: {{ include "dask.fullname" (list .root "config") }}
{{- end }}
{{- if eq .role "test" }}
- name: test
  configMap:
    name: {{ include "dask.fullname" (list .root "test") }}
{{- end }}
{{- with .root.Values.tls.secretName }}
- name: tls
  secret:
    secretName: {{ . | quote }}
{{- end }}
{{- range $name, $volume := include "dask.claims" . | fromJson }}
- name: {{ include "dask.claimVolume" $name }}
  persistentVolumeClaim:
    claimName: {{ $volume.claim | quote }}
{{- end }}
{{- with .settings.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "dask.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if eq .role "worker" }}
- name: scratch
  mountPath: /scratch
{{- end }}
{{- if eq .role "notebook" }}
- name: home
  mountPath: {{ .settings.home.mountPath | quote }}
{{- end }}
{{- if .settings.sharedMemory }}
- name: shared-memory
  mountPath: /dev/shm
{{- end }}
{{- if include "dask.configFiles" . }}
- name: config
  mountPath: /etc/labhelm
  readOnly: true
{{- end }}
{{- if eq .role "test" }}
- name: test
  mountPath: /test
  readOnly: true
{{- end }}
{{- if .root.Values.tls.secretName }}
- name: tls
  mountPath: /etc/labhelm-tls
  readOnly: true
{{- end }}
{{- range $name, $volume := include "dask.claims" . | fromJson }}
- name: {{ include "dask.claimVolume" $name }}
  mountPath: {{ $volume.mountPath | quote }}
  {{- with dig "subPath" "" $volume }}
  subPath: {{ quote . }}
  {{- end }}
  {{- if dig "readOnly" false $volume }}
  readOnly: true
  {{- end }}
{{- end }}
{{- with .settings.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/*
Claims by name: those of the chart, those of the pod over them.
*/}}
{{- define "dask.claims" -}}
{{- $claims := dict }}
{{- range $name, $volume := .root.Values.volumes }}
{{- $_ := set $claims $name $volume }}
{{- end }}
{{- range $name, $volume := .settings.volumes }}
{{- $_ := set $claims $name $volume }}
{{- end }}
{{- toJson $claims }}
{{- end }}

{{/*
The prefix keeps a claim called tmp apart from /tmp; a name that gets too long ends in a hash.
*/}}
{{- define "dask.claimVolume" -}}
{{- $name := printf "claim-%s" . }}
{{- if gt (len $name) 63 }}
{{- $name = printf "%s-%s" (trunc 54 $name) (sha256sum . | trunc 8) }}
{{- end }}
{{- $name }}
{{- end }}

{{- define "dask.emptyDir" -}}
{{- $options := dict }}
{{- with .medium }}
{{- $_ := set $options "medium" . }}
{{- end }}
{{- with include "dask.quantity" .sizeLimit }}
{{- $_ := set $options "sizeLimit" . }}
{{- end -}}
emptyDir: {{ toJson $options }}
{{- end }}
