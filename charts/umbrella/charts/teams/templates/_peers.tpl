{{- /* Peers of a NetworkPolicy as a YAML list. Takes names of namespaces and CIDRs; either may be missing. */ -}}
{{- define "teams.peers" -}}
{{- $peers := list -}}
{{- range index . 0 -}}
{{- $label := dict "kubernetes.io/metadata.name" . -}}
{{- $peers = append $peers (dict "namespaceSelector" (dict "matchLabels" $label)) -}}
{{- end -}}
{{- range index . 1 -}}
{{- $peers = append $peers (dict "ipBlock" (dict "cidr" .)) -}}
{{- end -}}
{{- if $peers -}}{{- toYaml $peers -}}{{- end -}}
{{- end -}}

{{- /* Peers for all addresses but the private ones; IPv4 and IPv6 each have their own. Takes the root context. */ -}}
{{- define "teams.internet" -}}
{{- $v4 := dict "cidr" "0.0.0.0/0" -}}
{{- $v6 := dict "cidr" "::/0" -}}
{{- range .Values.privateRanges | uniq -}}
{{- $block := contains ":" . | ternary $v6 $v4 -}}
{{- $_ := set $block "except" (append (get $block "except" | default list) .) -}}
{{- end -}}
{{- list (dict "ipBlock" $v4) (dict "ipBlock" $v6) | toYaml -}}
{{- end -}}
