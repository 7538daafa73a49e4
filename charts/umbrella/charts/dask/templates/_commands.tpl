{{/*
What runs in the containers: addresses and arguments.
*/}}
{{- define "dask.schedulerAddress" -}}
{{- printf "%s://%s:%d" (ternary "tls" "tcp" (ne .Values.tls.secretName "")) (include "dask.fullname" (list . "scheduler")) (int .Values.scheduler.port) }}
{{- end }}

{{/*
"dask.args" (dict "root" $ "role" "settings") -> the container's arguments: those of the user, or those of the
role with the user's further ones.
*/}}
{{- define "dask.args" -}}
{{- $own := include (printf "dask.%sArgs" .role) . | fromJsonArray }}
{{- toYaml (.settings.args | default (concat $own (.settings.extraArgs | default list))) }}
{{- end }}

{{- define "dask.schedulerArgs" -}}
{{- $args := list (printf "--port=%d" (int .settings.port)) (printf "--dashboard-address=:%d" (int .settings.dashboardPort)) "--no-show" }}
{{- if .root.Values.tls.secretName }}
{{- $args = append $args "--protocol=tls" }}
{{- end }}
{{- toJson $args }}
{{- end }}

{{- define "dask.workerArgs" -}}
{{- $settings := .settings }}
{{- $args := list (include "dask.schedulerAddress" .root) "--name=$(POD_NAME)" "--worker-port=8788" "--dashboard-address=:8790" "--local-directory=/scratch" }}
{{- $args = append $args (printf "--death-timeout=%d" (int $settings.deathTimeoutSeconds)) }}
{{- $args = concat $args (ternary (list "--nanny" "--nanny-port=8789") (list "--no-nanny") $settings.nanny) }}
{{- with include "dask.threads" $settings }}
{{- $args = append $args (printf "--nthreads=%s" .) }}
{{- end }}
{{- with include "dask.quantity" $settings.memoryLimit | default (include "dask.quantity" (dig "limits" "memory" "" $settings.resources)) }}
{{- $args = append $args (printf "--memory-limit=%s" .) }}
{{- end }}
{{- with include "dask.announced" (list .root $settings) }}
{{- $args = append $args (printf "--resources=%s" .) }}
{{- end }}
{{- if $settings.lifetime.duration }}
{{- $args = append $args (printf "--lifetime=%s" $settings.lifetime.duration) }}
{{- with $settings.lifetime.stagger }}
{{- $args = append $args (printf "--lifetime-stagger=%s" .) }}
{{- end }}
{{- $args = append $args (ternary "--lifetime-restart" "--no-lifetime-restart" $settings.lifetime.restart) }}
{{- end }}
{{- toJson $args }}
{{- end }}

{{- define "dask.notebookArgs" -}}
{{- list "--ip=0.0.0.0" (printf "--port=%d" (int .settings.port)) "--no-browser" | toJson }}
{{- end }}

{{- define "dask.tokenSecret" -}}
{{- .Values.notebook.auth.secretName | default (include "dask.fullname" (list . "notebook")) }}
{{- end }}

{{- define "dask.testArgs" -}}
[]
{{- end }}
