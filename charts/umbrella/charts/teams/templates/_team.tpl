{{- /*
What the templates of the teams share. A team is an item of a map, so any of its keys may be missing, at any depth;
a missing key is never the same as false or 0.
*/ -}}

{{- /* The team's namespace. Takes the team's name and the team. */ -}}
{{- define "teams.teamNamespace" -}}
{{- get (index . 1) "namespace" | default (index . 0) -}}
{{- end -}}

{{- /* JSON of a key that a team may set and else takes from `defaults`. Takes root, team, key. */ -}}
{{- define "teams.setting" -}}
{{- $root := index . 0 -}}
{{- $team := index . 1 -}}
{{- $key := index . 2 -}}
{{- toJson (hasKey $team $key | ternary (get $team $key) (get $root.Values.defaults $key)) -}}
{{- end -}}

{{- /* A quantity as text; YAML and --set may give a number. Takes the quantity. */ -}}
{{- define "teams.quantity" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}
{{- int64 . -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end -}}

{{- /* CPU and memory as a YAML map; nothing when both are unset. Takes {cpu, memory}, or nothing. */ -}}
{{- define "teams.amounts" -}}
{{- $amounts := . | default dict -}}
{{- $lines := list -}}
{{- range $name := list "cpu" "memory" -}}
{{- with get $amounts $name -}}
{{- $lines = append $lines (printf "%s: %s" $name (include "teams.quantity" . | quote)) -}}
{{- end -}}
{{- end -}}
{{- join "\n" $lines -}}
{{- end -}}

{{- /* The team's namespaces, each once, as JSON. Takes the root context. */ -}}
{{- define "teams.namespaces" -}}
{{- $names := list -}}
{{- range $key, $team := .Values.teams -}}
{{- $names = append $names (include "teams.teamNamespace" (list $key $team)) -}}
{{- end -}}
{{- $names | uniq | toJson -}}
{{- end -}}

{{- /* Resources of a container; unset amounts are left out. Takes {requests, limits}. */ -}}
{{- define "teams.resources" -}}
{{- $out := dict -}}
{{- range $kind := list "requests" "limits" -}}
{{- range $name, $amount := get $ $kind -}}
{{- if $amount -}}
{{- $_ := set $out $kind (set (get $out $kind | default dict) $name (include "teams.quantity" $amount)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}
