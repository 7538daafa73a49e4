{{- /*
What the deployer may do. An account can give others only what it has itself, so these rules also hold what the
charts' own Roles grant. A test compares them with every kind that the umbrella renders.
*/ -}}

{{- /* Rights inside a namespace. No Secrets, and no tokens of ServiceAccounts. Takes the root context. */ -}}
{{- define "teams.deployer.namespaceRules" -}}
- apiGroups: [""]
  resources: [configmaps, limitranges, persistentvolumeclaims, pods, resourcequotas, serviceaccounts, services]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
- apiGroups: [apps]
  resources: [daemonsets, deployments, statefulsets]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [get, list, watch]
- apiGroups: [batch]
  resources: [cronjobs, jobs]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [rolebindings, roles]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [clusterroles]
  resourceNames:
    - {{ include "teams.deployer.clusterName" (list . "namespaces") | quote }}
    {{- range .Values.deployer.roles }}
    - {{ . | quote }}
    {{- end }}
  verbs: [bind]
- apiGroups: [cert-manager.io]
  resources: [certificates, issuers]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [gateway.networking.k8s.io]
  resources: [gateways, httproutes]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [kubeflow.org]
  resources: [poddefaults, pytorchjobs]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [metallb.io]
  resources: [ipaddresspools, l2advertisements]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [networking.istio.io]
  resources: [gateways]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [traefik.io]
  resources: [middlewares]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [monitoring.coreos.com]
  resources: [podmonitors, prometheusrules, servicemonitors]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [kueue.x-k8s.io]
  resources: [localqueues]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [resource.k8s.io]
  resources: [resourceclaimtemplates]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [trainer.kubeflow.org]
  resources: [trainingruntimes, trainjobs]
  verbs: [get, list, watch, create, update, patch, delete]
{{- end -}}

{{- /* Rights in namespaces of other releases: what the chart network has there. Takes the root context. */ -}}
{{- define "teams.deployer.networkRules" -}}
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [cert-manager.io]
  resources: [certificates, issuers]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [gateway.networking.k8s.io]
  resources: [gateways, httproutes]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [metallb.io]
  resources: [ipaddresspools, l2advertisements]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [networking.istio.io]
  resources: [gateways]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [traefik.io]
  resources: [middlewares]
  verbs: [get, list, watch, create, update, patch, delete]
# The binding of these rights itself, as every upgrade writes it again.
- apiGroups: [rbac.authorization.k8s.io]
  resources: [rolebindings]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [clusterroles]
  resourceNames:
    - {{ include "teams.deployer.clusterName" (list . "network") | quote }}
  verbs: [bind]
{{- end -}}

{{- /* Rights on what belongs to no namespace. Takes the root context. */ -}}
{{- define "teams.deployer.clusterRules" -}}
- apiGroups: [""]
  resources: [persistentvolumes]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [storage.k8s.io]
  resources: [storageclasses]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [cert-manager.io]
  resources: [clusterissuers]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [node.k8s.io]
  resources: [runtimeclasses]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [resource.k8s.io]
  resources: [deviceclasses]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [kueue.x-k8s.io]
  resources: [clusterqueues, resourceflavors]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [trainer.kubeflow.org]
  resources: [clustertrainingruntimes]
  verbs: [get, list, watch, create, update, patch, delete]
- apiGroups: [""]
  resources: [namespaces]
  verbs: [get, list, watch, create]
{{- if .Values.deployer.newTeams }}
- apiGroups: [""]
  resources: [namespaces]
  verbs: [update, patch, delete]
{{- else if .Values.teams }}
- apiGroups: [""]
  resources: [namespaces]
  resourceNames:
    {{- include "teams.namespaces" . | fromJsonArray | toYaml | nindent 4 }}
  verbs: [update, patch, delete]
{{- end }}
# Its own roles: seen and put back as they are. What they grant beyond its rights, the API server refuses.
- apiGroups: [rbac.authorization.k8s.io]
  resources: [clusterrolebindings, clusterroles]
  verbs: [get, list, watch]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [clusterrolebindings, clusterroles]
  resourceNames:
    - {{ include "teams.deployer.clusterName" (list . "cluster") | quote }}
    - {{ include "teams.deployer.clusterName" (list . "namespaces") | quote }}
    - {{ include "teams.deployer.clusterName" (list . "network") | quote }}
  verbs: [update, patch]
{{- end -}}
