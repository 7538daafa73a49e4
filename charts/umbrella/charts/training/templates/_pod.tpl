{{- /* Parts of training pods. Items of maps may lack any key that has a default. */ -}}

{{- /* A quantity as text; YAML and --set may give a number. Takes the quantity. */ -}}
{{- define "training.quantity" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}
{{- int64 . -}}
{{- else -}}
{{- toString . -}}
{{- end -}}
{{- end -}}

{{- /* Sizes of a node that names none, as JSON. */ -}}
{{- define "training.defaultResources" -}}
{{- dict "requests" (dict "cpu" "1" "memory" "2Gi") "limits" (dict "cpu" "4" "memory" "8Gi") | toJson -}}
{{- end -}}

{{- /*
Resources of a node with its GPUs; unset amounts are left out, and a kind that is left out has no amounts.
Takes the root context and {resources, gpus}.
*/ -}}
{{- define "training.resources" -}}
{{- $root := index . 0 -}}
{{- $item := index . 1 -}}
{{- $given := hasKey $item "resources" | ternary (get $item "resources") (include "training.defaultResources" . | fromJson) -}}
{{- $out := dict -}}
{{- range $kind := list "requests" "limits" -}}
{{- range $name, $amount := get $given $kind | default dict -}}
{{- if $amount -}}
{{- $_ := set $out $kind (set (get $out $kind | default dict) $name (include "training.quantity" $amount)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if dig "gpus" 0 $item | int -}}
{{- $limits := set (get $out "limits" | default dict) $root.Values.global.gpu.resourceName (dig "gpus" 0 $item | int | toString) -}}
{{- $_ := set $out "limits" $limits -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{- /* Where pods of a runtime run, and as whom. Takes the root context and the runtime. */ -}}
{{- define "training.podSpec" -}}
{{- $root := index . 0 -}}
{{- $runtime := index . 1 -}}
{{- $user := dig "user" 1000 $runtime | int -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with include "training.imagePullSecrets" (list $root list) }}
imagePullSecrets:
  {{- . | nindent 2 }}
{{- end }}
{{- if and (dig "gpus" 0 $runtime | int) $root.Values.global.gpu.runtimeClassName }}
runtimeClassName: {{ $root.Values.global.gpu.runtimeClassName | quote }}
{{- end }}
securityContext:
  {{- include "training.podSecurityContext" (list $root (dict "runAsUser" $user "runAsGroup" $user "fsGroup" $user)) | nindent 2 }}
{{- with include "training.affinity" (list $root (dig "placement" "worker" $runtime)) }}
affinity:
  {{- . | nindent 2 }}
{{- end }}
{{- with dig "nodeSelector" dict $runtime }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with dig "tolerations" list $runtime }}
tolerations:
  {{- include "training.tolerations" . | nindent 2 }}
{{- end }}
{{- with hasKey $runtime "sharedMemory" | ternary (get $runtime "sharedMemory") "1Gi" }}
volumes:
  - name: shared-memory
    emptyDir:
      medium: Memory
      sizeLimit: {{ include "training.quantity" . | quote }}
{{- end }}
{{- end -}}

{{- /* Takes a list of tolerations. */ -}}
{{- define "training.tolerations" -}}
{{- $out := list -}}
{{- range . -}}
{{- $toleration := dict "operator" (dig "operator" "Exists" .) -}}
{{- range $key, $value := pick . "key" "value" "effect" -}}
{{- if $value -}}{{- $_ := set $toleration $key $value -}}{{- end -}}
{{- end -}}
{{- $out = append $out $toleration -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{- /*
The container that Trainer fills with a job's image, command and sizes: it has to be called node.
Takes the root context and the runtime.
*/ -}}
{{- define "training.container" -}}
{{- $root := index . 0 -}}
{{- $runtime := index . 1 -}}
name: node
image: {{ include "training.image" (list $root $runtime.image) | quote }}
imagePullPolicy: {{ dig "pullPolicy" "IfNotPresent" $runtime.image }}
securityContext:
  {{- include "training.containerSecurityContext" (list $root dict) | nindent 2 }}
resources:
  {{- include "training.resources" (list $root $runtime) | nindent 2 }}
{{- with hasKey $runtime "sharedMemory" | ternary (get $runtime "sharedMemory") "1Gi" }}
volumeMounts:
  - name: shared-memory
    mountPath: /dev/shm
{{- end }}
{{- end -}}
