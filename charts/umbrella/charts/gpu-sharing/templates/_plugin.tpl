{{- /*
A configuration as the device plugin reads it. Any key of an item may be missing. Takes root, name, configuration.
Source of the format: NVIDIA/k8s-device-plugin, api/config/v1.
*/ -}}
{{- define "gpu-sharing.pluginConfig" -}}
{{- $name := index . 1 -}}
{{- $config := index . 2 -}}
{{- $migStrategy := dig "migStrategy" "none" $config -}}
{{- $flags := dict "migStrategy" $migStrategy -}}
{{- with dig "sharedDevicesAllocationPolicy" "" $config -}}
{{- $_ := set $flags "plugin" (dict "sharedDevicesAllocationPolicy" .) -}}
{{- end -}}
{{- $out := dict "version" "v1" "flags" $flags -}}
{{- $turns := include "gpu-sharing.replicated" (list (dig "timeSlicing" dict $config)) | fromJson -}}
{{- $mps := include "gpu-sharing.replicated" (list (dig "mps" dict $config)) | fromJson -}}
{{- if and $turns.resources $mps.resources -}}
{{- fail (printf "gpu-sharing.configs.%s has timeSlicing and mps: the plugin would take mps and say nothing" $name) -}}
{{- end -}}
{{- if $mps.resources -}}
{{- include "gpu-sharing.checkMps" (list $name $migStrategy $mps.resources) -}}
{{- $_ := set $out "sharing" (dict "mps" (include "gpu-sharing.withoutDefaults" $mps | fromJson)) -}}
{{- else if $turns.resources -}}
{{- $_ := set $out "sharing" (dict "timeSlicing" $turns) -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{- /* One kind of sharing as JSON, its resources in the order of their names. Takes {replicas, ...} in a list. */ -}}
{{- define "gpu-sharing.replicated" -}}
{{- $sharing := index . 0 -}}
{{- $resources := list -}}
{{- range $name, $replicas := dig "replicas" dict $sharing -}}
{{- $resources = append $resources (dict "name" $name "replicas" (int $replicas)) -}}
{{- end -}}
{{- $rename := dig "renameByDefault" false $sharing -}}
{{- $fail := dig "failRequestsGreaterThanOne" true $sharing -}}
{{- dict "renameByDefault" $rename "failRequestsGreaterThanOne" $fail "resources" $resources | toJson -}}
{{- end -}}

{{- /* Plugins before v0.20.0 do not know the key under mps, where true is the default. Takes the sharing. */ -}}
{{- define "gpu-sharing.withoutDefaults" -}}
{{- if .failRequestsGreaterThanOne -}}
{{- omit . "failRequestsGreaterThanOne" | toJson -}}
{{- else -}}
{{- toJson . -}}
{{- end -}}
{{- end -}}

{{- /* What makes the plugin stop at its start. Takes name, MIG strategy, resources. */ -}}
{{- define "gpu-sharing.checkMps" -}}
{{- if eq (index . 1) "mixed" -}}
{{- fail (printf "gpu-sharing.configs.%s: the plugin does not start with mps and migStrategy mixed" (index . 0)) -}}
{{- end -}}
{{- range index . 2 -}}
{{- if hasPrefix "nvidia.com/mig-" .name -}}
{{- fail (printf "gpu-sharing.configs.%s: mps shares whole GPUs, not %s" (index $ 0) .name) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Every configuration by name, as JSON; checks the names that others refer to. Takes the root context. */ -}}
{{- define "gpu-sharing.configs" -}}
{{- $out := dict -}}
{{- range $name, $config := .Values.configs -}}
{{- $_ := set $out $name (include "gpu-sharing.pluginConfig" (list $ $name $config)) -}}
{{- end -}}
{{- if and $out (not (hasKey $out .Values.defaultConfig)) -}}
{{- fail (printf "gpu-sharing.defaultConfig is %q: it must be one of %s" .Values.defaultConfig (keys $out | sortAlpha | join ", ")) -}}
{{- end -}}
{{- range $node, $name := .Values.nodes -}}
{{- if not (hasKey $out $name) -}}
{{- fail (printf "gpu-sharing.nodes.%s is %q: there is no such configuration" $node $name) -}}
{{- end -}}
{{- end -}}
{{- toJson $out -}}
{{- end -}}
