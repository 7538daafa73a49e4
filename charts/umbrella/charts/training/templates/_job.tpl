{{- /*
Jobs cannot be changed once they run: the name holds a hash of the spec, so that a changed one is another job.
Takes the root context, the job's name in the values and its spec.
*/ -}}
{{- define "training.jobName" -}}
{{- include "training.fullname" (list (index . 0) (printf "%s-%s" (index . 1) (index . 2 | sha256sum | trunc 8))) -}}
{{- end -}}

{{- define "training.jobNamespace" -}}
{{- get (index . 1) "namespace" | default (include "training.namespace" (index . 0)) -}}
{{- end -}}

{{- /* Labels: the chart's and the queue. Takes the root context and the job. */ -}}
{{- define "training.jobLabels" -}}
{{- include "training.labels" (list (index . 0) "job") }}
{{- with dig "queue" "" (index . 1) }}
kueue.x-k8s.io/queue-name: {{ . | quote }}
{{- end }}
{{- end -}}

{{- /* What a job says of its container, in both operators alike. Takes the root context and the job. */ -}}
{{- define "training.jobProgram" -}}
{{- $job := index . 1 -}}
{{- $out := dict -}}
{{- if dig "image" "repository" "" $job -}}
{{- $_ := set $out "image" (include "training.image" (list (index . 0) $job.image)) -}}
{{- end -}}
{{- range $key := list "command" "args" -}}
{{- with get $job $key -}}{{- $_ := set $out $key . -}}{{- end -}}
{{- end -}}
{{- $env := list -}}
{{- range $name, $value := dig "env" dict $job -}}
{{- $env = append $env (dict "name" $name "value" (include "training.quantity" $value)) -}}
{{- end -}}
{{- with $env -}}{{- $_ := set $out "env" . -}}{{- end -}}
{{- toYaml $out -}}
{{- end -}}

{{- define "training.trainJobSpec" -}}
{{- $root := index . 0 -}}
{{- $job := index . 1 -}}
runtimeRef:
  apiGroup: trainer.kubeflow.org
  kind: {{ empty $root.Values.namespaces | ternary "ClusterTrainingRuntime" "TrainingRuntime" }}
  name: {{ dig "runtime" "torch-distributed" $job | quote }}
trainer:
  numNodes: {{ dig "nodes" 1 $job | int }}
  resourcesPerNode:
    {{- include "training.resources" . | nindent 4 }}
  {{- with include "training.jobProgram" . | fromYaml }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- /* One node of a PyTorchJob; the operator looks for a container called pytorch. */ -}}
{{- define "training.pytorchReplica" -}}
{{- $root := index . 0 -}}
{{- $job := index . 1 -}}
restartPolicy: OnFailure
template:
  metadata:
    labels:
      # The sidecar of a service mesh would never end, and the job with it.
      sidecar.istio.io/inject: "false"
  spec:
    {{- include "training.podSpec" (list $root (pick $job "gpus")) | nindent 4 }}
    containers:
      - name: pytorch
        imagePullPolicy: {{ dig "image" "pullPolicy" "IfNotPresent" $job }}
        {{- include "training.jobProgram" . | nindent 8 }}
        securityContext:
          {{- include "training.containerSecurityContext" (list $root dict) | nindent 10 }}
        resources:
          {{- include "training.resources" . | nindent 10 }}
        volumeMounts:
          - name: shared-memory
            mountPath: /dev/shm
{{- end -}}

{{- define "training.pytorchJobSpec" -}}
{{- $workers := dig "nodes" 1 (index . 1) | int | add -1 | int -}}
pytorchReplicaSpecs:
  Master:
    replicas: 1
    {{- include "training.pytorchReplica" . | nindent 4 }}
  {{- if $workers }}
  Worker:
    replicas: {{ $workers }}
    {{- include "training.pytorchReplica" . | nindent 4 }}
  {{- end }}
{{- end -}}
