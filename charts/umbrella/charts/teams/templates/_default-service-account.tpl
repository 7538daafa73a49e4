{{- /*
The Job that gives pull secrets to the ServiceAccounts `default`.

Why not render these ServiceAccounts: Kubernetes makes `default` as soon as a namespace exists. Helm 3 creates
objects and loses that race ("serviceaccounts \"default\" already exists"), --take-ownership or not, and uninstall
would delete what Kubernetes makes anew without helm's marks, so that no reinstall could import it.
See docs/decisions/0005-default-serviceaccount.md.
*/ -}}

{{- /* "true" when some team has pull secrets and the Job is wanted. Takes the root context. */ -}}
{{- define "teams.patchesServiceAccounts" -}}
{{- $found := "" -}}
{{- range .Values.teams -}}
{{- if or $.Values.global.imagePullSecrets .imagePullSecrets -}}{{- $found = "true" -}}{{- end -}}
{{- end -}}
{{- if .Values.defaultServiceAccount.enabled -}}{{- $found -}}{{- end -}}
{{- end -}}
