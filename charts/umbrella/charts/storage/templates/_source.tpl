{{- /* The source of a volume. Takes {key, volume, name (of the PersistentVolume), namespace (of the claim)}. */ -}}
{{- define "storage.source" -}}
{{- $volume := .volume -}}
{{- $given := list -}}
{{- range $kind, $first := dict "nfs" "server" "csi" "driver" "local" "path" "hostPath" "path" "iscsi" "iqn" -}}
{{- if get (get $volume $kind | default dict) $first -}}{{- $given = append $given $kind -}}{{- end -}}
{{- end -}}
{{- if $volume.source -}}{{- $given = append $given "source" -}}{{- end -}}
{{- if ne (len $given) 1 -}}
{{- $found := $given | sortAlpha | join " and " | default "none" -}}
{{- fail (printf "storage.volumes.%s has %s: give one source: nfs, csi, local, hostPath, iscsi or source" .key $found) -}}
{{- end -}}
{{- $kind := first $given -}}
{{- $source := get $volume $kind -}}
{{- if eq $kind "source" -}}
{{- toYaml $source -}}
{{- else -}}
{{- $out := dict -}}
{{- range $key, $value := $source -}}
{{- if hasSuffix "SecretRef" $key | or (eq $key "secretRef") -}}
{{- if $value.name -}}
{{- $_ := set $out $key (dict "name" $value.name "namespace" (get $value "namespace" | default $.namespace)) -}}
{{- end -}}
{{- else if or $value (kindIs "float64" $value) (kindIs "int64" $value) -}}
{{- $_ := set $out $key $value -}}
{{- end -}}
{{- end -}}
{{- if and (eq $kind "csi") (not $out.volumeHandle) -}}{{- $_ := set $out "volumeHandle" .name -}}{{- end -}}
{{- if eq $kind "iscsi" -}}{{- $_ := set $out "lun" (get $source "lun" | int) -}}{{- end -}}
{{- toYaml (dict $kind $out) -}}
{{- end -}}
{{- end -}}

{{- /* Node affinity of a volume, or nothing. Takes the volume. */ -}}
{{- define "storage.nodeAffinity" -}}
{{- if .nodeAffinity -}}
{{- toYaml .nodeAffinity -}}
{{- else if .nodes -}}
required:
  nodeSelectorTerms:
    - matchExpressions:
        - key: kubernetes.io/hostname
          operator: In
          values:
            {{- toYaml .nodes | nindent 12 }}
{{- end -}}
{{- end -}}
