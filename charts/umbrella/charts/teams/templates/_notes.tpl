{{- /* What the umbrella's NOTES say about teams. Takes a context like the subchart's own. */ -}}
{{- define "teams.notes" -}}
{{- if .Values.teams }}
{{- range $key, $team := .Values.teams }}
{{- $namespace := include "teams.teamNamespace" (list $key $team) }}
{{ $key }}: namespace {{ $namespace }}
  What it uses of its quota:  kubectl describe resourcequota --namespace {{ $namespace }}
{{- range concat $.Values.global.imagePullSecrets ($team.imagePullSecrets | default list) | uniq }}
  Pull secret, to be made once:
    kubectl create secret docker-registry {{ . }} --namespace {{ $namespace }} \
      --docker-server=SERVER --docker-username=USER --docker-password=PASSWORD
{{- end }}
{{- end }}
{{- $kept := list }}
{{- range $key, $team := .Values.teams }}
{{- if hasKey $team "keep" | ternary $team.keep true }}
{{- $kept = append $kept (include "teams.teamNamespace" (list $key $team)) }}
{{- end }}
{{- end }}
{{- with $kept }}
`helm uninstall` leaves these namespaces, as they may hold data: {{ join ", " . }}
  This removes one for good. EVERYTHING IN IT IS LOST, the data of claims that a class made too:
    kubectl delete namespace {{ first . }}
{{- end }}
{{- end }}
{{- if .Values.deployer.enabled }}
Deployer, the account for CI and GitOps
A token that is good for eight hours:
  kubectl create token {{ include "teams.deployer.name" . }} --namespace {{ include "teams.deployer.namespace" . }} --duration 8h
{{- if .Values.deployer.clusterAdmin }}
It is bound to cluster-admin and may do anything, but uninstall this release: its rights would go halfway.
{{- else }}
It upgrades this release. An administrator runs what only an administrator may: uninstall, and upgrades that
{{ .Values.deployer.newTeams | ternary "" "add a team or " }}change the deployer's own rights.
{{- end }}
Guard its token: who can make volumes and pods can, with some work, reach the machines.
{{- end }}
{{- end -}}
