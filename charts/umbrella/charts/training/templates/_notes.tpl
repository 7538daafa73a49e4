{{- /* What the umbrella's NOTES say about training. Takes a context like the subchart's own. */ -}}
{{- define "training.notes" -}}
{{- $v2 := eq .Values.operator "trainer-v2" }}
{{- $kind := empty .Values.namespaces | ternary "ClusterTrainingRuntime" "TrainingRuntime" }}
{{- $queue := .Values.queues.enabled | ternary (keys .Values.queues.teams | sortAlpha | first) "" }}
{{- $namespace := .Values.networkPolicy.namespaces | first | default .Release.Namespace }}
{{- if $queue }}
{{- $namespace = get (get .Values.queues.teams $queue) "namespace" | default $queue }}
{{- end }}
{{- if and $v2 .Values.runtimes }}
{{- $name := keys .Values.runtimes | sortAlpha | first }}
Runtimes: {{ keys .Values.runtimes | sortAlpha | join ", " }}
A job on two nodes, as a sample:
kubectl create --namespace {{ $namespace }} --filename - <<'END'
apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainJob
metadata:
  generateName: sample-
{{- with $queue }}
  labels: {kueue.x-k8s.io/queue-name: {{ . }}}
{{- end }}
spec:
  runtimeRef: {apiGroup: trainer.kubeflow.org, kind: {{ $kind }}, name: {{ $name }}}
  trainer:
    numNodes: 2
    command: [torchrun, /work/train.py]
END
{{- end }}
{{- with .Values.jobs }}
Jobs: {{ keys . | sortAlpha | join ", " }}
  kubectl get {{ $v2 | ternary "trainjobs" "pytorchjobs" }} --all-namespaces
{{- end }}
{{- if .Values.queues.enabled }}
Jobs wait in a queue until their team's quota has room, if they carry the label kueue.x-k8s.io/queue-name:
  kubectl get localqueues --all-namespaces
{{- if not $v2 }}
Kueue from 0.19 on leaves jobs of kubeflow.org/v1 alone, unless its configuration names them under integrations.
{{- end }}
{{- end }}
{{- end -}}
