{{- /* What brings an API that a cluster lacks. Takes an apiVersion; nothing for one that nobody knows. */ -}}
{{- define "umbrella.bringsApi" -}}
{{- $group := splitList "/" . | first -}}
{{- if eq $group "monitoring.coreos.com" -}}
helm upgrade --install kube-prometheus-stack oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack -n monitoring --create-namespace
{{- else if eq $group "cert-manager.io" -}}
helm upgrade --install cert-manager oci://quay.io/jetstack/charts/cert-manager --set crds.enabled=true -n cert-manager --create-namespace
{{- else if eq $group "metallb.io" -}}
helm upgrade --install metallb metallb --repo https://metallb.github.io/metallb -n metallb-system --create-namespace
{{- else if eq $group "gateway.networking.k8s.io" -}}
kubectl apply --server-side -f https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/standard-install.yaml
{{- else if eq $group "traefik.io" -}}
helm upgrade --install traefik oci://ghcr.io/traefik/helm/traefik -n traefik --create-namespace
{{- else if eq $group "keda.sh" -}}
helm upgrade --install keda keda --repo https://kedacore.github.io/charts -n keda --create-namespace
{{- else if has $group (list "networking.istio.io" "kueue.x-k8s.io" "trainer.kubeflow.org" "kubeflow.org") -}}
the base layer of the profile, values/<profile>/base/
{{- end -}}
{{- end -}}
