{{- /* Folders of the agent's package, as JSON: the name of the ConfigMap's component to the folder. */ -}}
{{- define "node-prep.packages" -}}
{{- $found := dict -}}
{{- range $path, $_ := .Files.Glob "agent/**.py" -}}
{{- $folder := dir $path -}}
{{- $_ := set $found (replace "/" "-" $folder) $folder -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- /*
Sources of the volume with the agent's package and scripts. Takes the root context and names of scripts.
*/ -}}
{{- define "node-prep.sources" -}}
{{- $root := index . 0 -}}
{{- range $component, $folder := include "node-prep.packages" $root | fromJson }}
- configMap:
    name: {{ include "node-prep.fullname" (list $root $component) }}
    items:
      {{- range $path, $_ := $root.Files.Glob (printf "%s/*.py" $folder) }}
      - key: {{ base $path }}
        path: {{ $path }}
      {{- end }}
{{- end }}
- configMap:
    name: {{ include "node-prep.fullname" (list $root "scripts") }}
    items:
      {{- range $script := index . 1 }}
      - key: {{ $script }}
        path: {{ $script }}
      {{- end }}
{{- end -}}

{{- /* "true" when pods may change their node. Takes the root context. */ -}}
{{- define "node-prep.changes" -}}
{{- if ne .Values.mode "plan" }}true{{ end -}}
{{- end -}}

{{- /* Requests and limits. Takes the resources. */ -}}
{{- define "node-prep.resources" -}}
{{- $out := dict -}}
{{- range $kind := list "requests" "limits" -}}
{{- $amounts := dict -}}
{{- range $name, $amount := get $ $kind -}}
{{- if $amount }}{{ $_ := set $amounts $name (toString $amount) }}{{ end -}}
{{- end -}}
{{- if $amounts }}{{ $_ := set $out $kind $amounts }}{{ end -}}
{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{- /* A pod beside the agents that runs one script of files/. Takes a dict: root, script, account, env. */ -}}
{{- define "node-prep.helper" -}}
{{- $root := .root -}}
serviceAccountName: {{ include "node-prep.fullname" (list $root .account) }}
automountServiceAccountToken: true
restartPolicy: Never
# It only looks and waits; a drain shall not wait for it.
terminationGracePeriodSeconds: 1
{{- with include "node-prep.imagePullSecrets" (list $root list) }}
imagePullSecrets:
  {{- . | nindent 2 }}
{{- end }}
nodeSelector:
  kubernetes.io/os: linux
# Not all taints: on a node that is just being drained it would come and go.
tolerations:
  - key: node-role.kubernetes.io/control-plane
    operator: Exists
securityContext:
  {{- include "node-prep.podSecurityContext" (list $root (dict "runAsUser" 65534 "runAsGroup" 65534)) | nindent 2 }}
containers:
  - name: main
    image: {{ include "node-prep.pinnedImage" $root | quote }}
    imagePullPolicy: {{ $root.Values.image.pullPolicy }}
    command: ["python3", "-B", {{ printf "/etc/node-prep/%s" .script | quote }}]
    env:
      {{- range $name, $value := .env }}
      - name: {{ $name }}
        value: {{ $value | quote }}
      {{- end }}
    resources:
      requests: {cpu: 10m, memory: 32Mi}
      limits: {memory: 128Mi}
    securityContext:
      {{- include "node-prep.containerSecurityContext" (list $root (dict "readOnlyRootFilesystem" true)) | nindent 6 }}
    volumeMounts:
      - name: program
        mountPath: /etc/node-prep
        readOnly: true
volumes:
  - name: program
    projected:
      sources:
        {{- include "node-prep.sources" (list $root (list .script)) | trim | nindent 8 }}
{{- end -}}

{{- /* The text of everything that runs, for a checksum. Takes the root context. */ -}}
{{- define "node-prep.program" -}}
{{- range $pattern := list "agent/**.py" "files/*" -}}
{{- range $path, $content := $.Files.Glob $pattern }}
{{ $path }} {{ toString $content | sha256sum }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Reference of the image; it must be the same tomorrow. Takes the root context. */ -}}
{{- define "node-prep.pinnedImage" -}}
{{- $image := .Values.image -}}
{{- if not (or $image.digest $image.tag) -}}
{{- fail (printf "image: %s needs a tag or a digest" $image.repository) -}}
{{- end -}}
{{- if and (not $image.digest) (eq (toString $image.tag) "latest") -}}
{{- fail "image: the tag latest names another image every day" -}}
{{- end -}}
{{- include "node-prep.image" (list . $image) -}}
{{- end -}}
