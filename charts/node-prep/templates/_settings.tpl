{{- /*
What the agent of one group shall do, as JSON. A key of the group's settings replaces the same key of all.
Takes the root context and the group.
*/ -}}
{{- define "node-prep.settings" -}}
{{- $root := index . 0 -}}
{{- $out := dict -}}
{{- range $layer := list $root.Values.settings (get (index . 1) "settings" | default dict) -}}
{{- range $key, $value := $layer -}}
{{- $_ := set $out $key $value -}}
{{- end -}}
{{- end -}}
{{- $_ := set $out "mode" (ternary "apply" "plan" (eq $root.Values.mode "apply")) -}}
{{- $_ := set $out "drain" $root.Values.drain -}}
{{- $_ := set $out "node" (dict "optInLabel" $root.Values.optInLabel) -}}
{{- $lease := dict "namespace" (include "node-prep.namespace" $root) "name" (include "node-prep.fullname" (list $root "")) -}}
{{- range $key, $value := $root.Values.lease -}}
{{- $_ := set $lease $key $value -}}
{{- end -}}
{{- $_ := set $out "lease" $lease -}}
{{- toPrettyJson $out -}}
{{- end -}}

{{- /*
Groups by name as JSON, `default` among them: the nodes that no other group has. Takes the root context.
*/ -}}
{{- define "node-prep.groups" -}}
{{- $groups := dict -}}
{{- $owners := dict -}}
{{- range $name, $group := .Values.groups -}}
{{- if eq $name "default" -}}
{{- fail "groups.default: that is the name of the nodes in no group; their settings are `settings`" -}}
{{- end -}}
{{- if not (or (get $group "nodes") (get $group "nodeLabel")) -}}
{{- fail (printf "groups.%s: needs nodes or nodeLabel" $name) -}}
{{- end -}}
{{- range $node := get $group "nodes" | default list -}}
{{- if hasKey $owners $node -}}
{{- fail (printf "groups.%s: node %s is in group %s already" $name $node (get $owners $node)) -}}
{{- end -}}
{{- $_ := set $owners $node $name -}}
{{- end -}}
{{- $_ := set $groups $name $group -}}
{{- end -}}
{{- $_ := set $groups "default" dict -}}
{{- toJson $groups -}}
{{- end -}}

{{- /* Terms of the node affinity of a group. Takes the root context and the group's name. */ -}}
{{- define "node-prep.nodeSelectorTerms" -}}
{{- $root := index . 0 -}}
{{- if eq (index . 1) "default" -}}
{{- $fields := list -}}
{{- $labels := list -}}
{{- range $root.Values.groups -}}
{{- range get . "nodes" | default list -}}
{{- $fields = append $fields (dict "key" "metadata.name" "operator" "NotIn" "values" (list .)) -}}
{{- end -}}
{{- range $key, $value := get . "nodeLabel" | default dict -}}
{{- $labels = append $labels (dict "key" $key "operator" "NotIn" "values" (list $value)) -}}
{{- end -}}
{{- end -}}
{{- $term := dict -}}
{{- if $fields }}{{ $_ := set $term "matchFields" $fields }}{{ end -}}
{{- if $labels }}{{ $_ := set $term "matchExpressions" $labels }}{{ end -}}
{{- if $term }}{{ toYaml (list $term) }}{{ end -}}
{{- else -}}
{{- $group := get $root.Values.groups (index . 1) -}}
{{- $terms := list -}}
{{- range get $group "nodes" | default list -}}
{{- $field := dict "key" "metadata.name" "operator" "In" "values" (list .) -}}
{{- $terms = append $terms (dict "matchFields" (list $field)) -}}
{{- end -}}
{{- range $key, $value := get $group "nodeLabel" | default dict -}}
{{- $label := dict "key" $key "operator" "In" "values" (list $value) -}}
{{- $terms = append $terms (dict "matchExpressions" (list $label)) -}}
{{- end -}}
{{- toYaml $terms -}}
{{- end -}}
{{- end -}}
