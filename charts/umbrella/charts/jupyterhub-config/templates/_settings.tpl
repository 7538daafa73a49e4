{{- /*
What the hub reads: the values, with images as references and what all charts of the platform share.
Takes the root context, gives JSON.
*/ -}}
{{- define "jupyterhub-config.settings" -}}
{{- $notebook := .Values.notebook }}
{{- $choices := list }}
{{- range $notebook.choices }}
{{- $image := dig "image" dict . }}
{{- $choice := omit . "image" }}
{{- if dig "repository" "" $image }}
{{- $_ := set $choice "image" (include "jupyterhub-config.image" (list $ $image)) }}
{{- $_ := set $choice "pullPolicy" (dig "pullPolicy" "IfNotPresent" $image) }}
{{- end }}
{{- $choices = append $choices $choice }}
{{- end }}
{{- $image := "" }}
{{- if $notebook.image.repository }}
{{- $image = include "jupyterhub-config.image" (list $ $notebook.image) }}
{{- end }}
{{- $made := omit $notebook "choices" "image" }}
{{- $_ := set $made "choices" $choices }}
{{- $_ := set $made "image" $image }}
{{- $_ := set $made "pullPolicy" $notebook.image.pullPolicy }}
{{- $settings := dict
  "authentication" .Values.authentication
  "notebook" $made
  "hub" .Values.hub
  "gpu" .Values.global.gpu
  "nodeLabels" .Values.global.nodeLabels
  "pullSecrets" .Values.global.imagePullSecrets
  "traits" .Values.traits
}}
{{- toPrettyJson $settings }}
{{- end -}}
