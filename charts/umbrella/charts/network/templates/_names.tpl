{{- /*
Names and references that several templates share. Pages, pools and issuers are items of maps: any key that is not
required may be missing.
*/ -}}

{{- /*
Name of an object that belongs to no namespace, or to one of another release: two releases of one name may live in
two namespaces. Takes the root context, the component and the object's own name, which wins.
*/ -}}
{{- define "network.sharedName" -}}
{{- $root := index . 0 -}}
{{- index . 2 | default (printf "%s.%s" (include "network.fullname" (list $root (index . 1))) $root.Release.Namespace) -}}
{{- end -}}

{{- /* Namespace of the Service behind a page. Takes the root context and the page. */ -}}
{{- define "network.pageNamespace" -}}
{{- get (index . 1) "namespace" | default (include "network.namespace" (index . 0)) -}}
{{- end -}}

{{- /* The Service behind a page, by name or as the other charts of the release name theirs. Takes the same. */ -}}
{{- define "network.pageService" -}}
{{- $root := index . 0 -}}
{{- $page := index . 1 -}}
{{- if get $page "service" -}}
{{- $page.service -}}
{{- else -}}
{{- $parts := list $root.Release.Name (get $page "chart") (get $page "component") -}}
{{- include "network.cut" ($parts | compact | join "-") -}}
{{- end -}}
{{- end -}}

{{- /* The backend of a page for an Ingress or HTTPRoute: its port. Takes the page. */ -}}
{{- define "network.pagePort" -}}
{{- hasKey . "port" | ternary .port 80 | int -}}
{{- end -}}

{{- /* Name and namespace of the Gateway, as JSON. Takes the root context. */ -}}
{{- define "network.gateway" -}}
{{- $existing := .Values.gateway.existing -}}
{{- $here := include "network.namespace" . -}}
{{- if $existing.name -}}
{{- dict "name" $existing.name "namespace" ($existing.namespace | default $here) | toJson -}}
{{- else -}}
{{- dict "name" (include "network.fullname" (list . "")) "namespace" $here | toJson -}}
{{- end -}}
{{- end -}}
