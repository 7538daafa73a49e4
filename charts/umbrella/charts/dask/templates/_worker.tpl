{{/*
Groups of workers: `worker` is the base, each of `workerGroups` says what is different.

"dask.workers" $ -> JSON: component name -> settings, for the base and each group.
A key left out of a group is the base's. In sections with fixed keys this holds key by key, so that a group may
turn off one probe alone; resources and image belong together, so they are replaced whole, as are lists and free maps.
Explicit hasKey instead of sprig's merge, for which 0, false and "" are as good as absent.
*/}}
{{- define "dask.workers" -}}
{{- $workers := dict "worker" .Values.worker }}
{{- range $name, $group := .Values.workerGroups }}
{{- $_ := set $workers (printf "worker-%s" $name) (include "dask.inherit" (list $.Values.worker $group) | fromJson) }}
{{- end }}
{{- toJson $workers }}
{{- end }}

{{- define "dask.inherit" -}}
{{- $sections := list "probes" "startup" "readiness" "liveness" "pdb" "user" "autoscaling" "strategy" "lifetime" "scratch" }}
{{- $base := index . 0 }}
{{- $result := dict }}
{{- range $key, $value := $base }}
{{- $_ := set $result $key $value }}
{{- end }}
{{- range $key, $value := index . 1 }}
{{- if and (has $key $sections) (hasKey $base $key) }}
{{- $_ := set $result $key (include "dask.inherit" (list (index $base $key) $value) | fromJson) }}
{{- else }}
{{- $_ := set $result $key $value }}
{{- end }}
{{- end }}
{{- toJson $result }}
{{- end }}

{{/*
"dask.mostReplicas" settings -> how many workers of a group there may be at once.
*/}}
{{- define "dask.mostReplicas" -}}
{{- if .autoscaling.enabled }}{{ int .autoscaling.maxReplicas }}{{ else }}{{ int .replicas }}{{ end }}
{{- end }}

{{/*
"dask.threads" settings -> threads of a worker; empty leaves it to Dask, which knows the cgroup's limit.
"500m" is one thread and "1500m" are two.
*/}}
{{- define "dask.threads" -}}
{{- $requests := dig "requests" dict .resources }}
{{- $cpu := include "dask.quantity" (dig "limits" "cpu" "" .resources) | default (include "dask.quantity" (dig "cpu" "" $requests)) }}
{{- if int .threads }}
{{- int .threads }}
{{- else if hasSuffix "m" $cpu }}
{{- divf (trimSuffix "m" $cpu) 1000 | ceil | int }}
{{- else if $cpu }}
{{- ceil (float64 $cpu) | int }}
{{- end }}
{{- end }}

{{/*
"dask.announced" (list $ settings) -> `GPU=1 LICENCE=2`: resources that tasks may name.
*/}}
{{- define "dask.announced" -}}
{{- $settings := index . 1 }}
{{- $words := list }}
{{- if int $settings.gpus }}
{{- $words = append $words (printf "GPU=%d" (int $settings.gpus)) }}
{{- end }}
{{- range $name, $amount := $settings.daskResources }}
{{- if not (and (eq $name "GPU") (int $settings.gpus)) }}
{{- $words = append $words (printf "%s=%s" $name (include "dask.quantity" $amount)) }}
{{- end }}
{{- end }}
{{- join " " $words }}
{{- end }}
