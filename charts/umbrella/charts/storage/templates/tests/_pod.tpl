{{- /*
The pods of `helm test`. Each claim has one, which writes SUCCESS and reads it back; a claim that many nodes may write
has a second one, which reads what the first wrote. Read-only claims are listed, raw devices looked at.
*/ -}}

{{- /* What a pod does with the claim: JSON list of its steps. Takes the claim of `storage.claims`. */ -}}
{{- define "storage.testSteps" -}}
{{- $modes := .item.accessModes | default (list "ReadWriteOnce") -}}
{{- if eq (.item.volumeMode | default "Filesystem") "Block" -}}
{{- list "device" | toJson -}}
{{- else if has "ReadWriteMany" $modes -}}
{{- list "write" "read" | toJson -}}
{{- else if or (has "ReadWriteOnce" $modes) (has "ReadWriteOncePod" $modes) -}}
{{- list "check" | toJson -}}
{{- else -}}
{{- list "list" | toJson -}}
{{- end -}}
{{- end -}}

{{- /* The shell script of a step; FILE and VOLUME are set. Takes the step. */ -}}
{{- define "storage.testScript" -}}
set -eu
{{- if has . (list "check" "write") }}
echo SUCCESS > "$FILE" || {
  echo "User $(id -u), group $(id -g) cannot write here: let them in the export, or set storage.test.runAsUser." >&2
  exit 1
}
sync
{{- end }}
{{- if has . (list "check" "write" "read") }}
test "$(cat "$FILE")" = SUCCESS
{{- end }}
{{- if has . (list "check" "read") }}
rm "$FILE"
{{- end }}
{{- if eq . "list" }}
ls "$VOLUME" > /dev/null
{{- end }}
{{- if eq . "device" }}
test -b "$VOLUME"
{{- end }}
echo SUCCESS
{{- end -}}

{{- /* Resources of a pod; unset amounts are left out. Takes {requests, limits}. */ -}}
{{- define "storage.resources" -}}
{{- $out := dict -}}
{{- range $kind := list "requests" "limits" -}}
{{- range $name, $amount := get $ $kind -}}
{{- if $amount -}}
{{- $_ := set $out $kind (set (get $out $kind | default dict) $name (include "storage.quantity" $amount)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}
