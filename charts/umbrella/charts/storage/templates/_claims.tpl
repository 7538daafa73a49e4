{{- /*
Volumes and claims in one form. They are items of maps, so any of their keys may be missing, at any depth; a missing
key is never the same as false or 0.
*/ -}}

{{- /* A quantity as text; YAML and --set may give a number. Takes the quantity. */ -}}
{{- define "storage.quantity" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}
{{- int64 . -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end -}}

{{- /*
Name of a static volume: as given, else <namespace>.<claim>. No namespace has a dot in its name, so each claim gives
another name. See docs/decisions/0004-volume-names.md. Takes the root context, the volume's key, the volume.
*/ -}}
{{- define "storage.volumeName" -}}
{{- $volume := index . 2 -}}
{{- $claim := $volume.claim | default dict -}}
{{- $namespace := get $claim "namespace" | default (include "storage.namespace" (index . 0)) -}}
{{- $name := printf "%s.%s" $namespace (get $claim "name" | default (index . 1)) -}}
{{- if gt (len $name) 253 -}}
{{- $name = printf "%s-%s" (trunc 240 $name | trimAll "-.") (sha256sum $name | trunc 8) -}}
{{- end -}}
{{- get $volume "name" | default $name -}}
{{- end -}}

{{- /*
All claims, as JSON: those that static volumes are reserved for (with `volumeName`), and those whose volumes a class
makes. Takes the root context.
*/ -}}
{{- define "storage.claims" -}}
{{- $found := list -}}
{{- range $key, $volume := .Values.volumes -}}
{{- $claim := $volume.claim | default dict -}}
{{- $found = append $found (dict
  "create" (hasKey $claim "create" | ternary $claim.create true)
  "namespace" (get $claim "namespace" | default (include "storage.namespace" $))
  "name" (get $claim "name" | default $key)
  "size" (include "storage.quantity" (get $claim "size" | default $volume.size))
  "volumeName" (include "storage.volumeName" (list $ $key $volume))
  "className" (get $volume "className" | default "")
  "item" $volume) -}}
{{- end -}}
{{- range $key, $claim := .Values.claims -}}
{{- $found = append $found (dict
  "create" true
  "namespace" (get $claim "namespace" | default (include "storage.namespace" $))
  "name" (get $claim "name" | default $key)
  "size" (include "storage.quantity" $claim.size)
  "volumeName" ""
  "className" $claim.className
  "item" $claim) -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- /* Labels of a volume or claim. Takes the root context, the component, the item. */ -}}
{{- define "storage.itemLabels" -}}
{{- $root := index . 0 -}}
{{- $labels := include "storage.labels" (list $root (index . 1)) | fromYaml -}}
{{- range $extra := list $root.Values.labels (index . 2).labels -}}
{{- range $key, $value := $extra -}}{{- $_ := set $labels $key $value -}}{{- end -}}
{{- end -}}
{{- toYaml $labels -}}
{{- end -}}

{{- /* Annotations of a volume or claim, or nothing. Takes the item. */ -}}
{{- define "storage.itemAnnotations" -}}
{{- $annotations := deepCopy (.annotations | default dict) -}}
{{- if hasKey . "keep" | ternary .keep true -}}
{{- $_ := set $annotations "helm.sh/resource-policy" "keep" -}}
{{- end -}}
{{- if $annotations -}}{{- toYaml $annotations -}}{{- end -}}
{{- end -}}
