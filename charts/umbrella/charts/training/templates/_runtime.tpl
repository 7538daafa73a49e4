{{- /*
Spec of a runtime. Trainer completes jobs by names that are its own: replicated jobs `node` and `launcher`, containers
`node`, and the label that says which of them is the trainer.
Source: kubeflow/trainer v2.3.0, docs and manifests of the runtimes. Takes the root context and the runtime.
*/ -}}
{{- define "training.runtimeSpec" -}}
{{- $runtime := index . 1 -}}
mlPolicy:
  numNodes: {{ dig "nodes" 1 $runtime | int }}
  {{- if eq (dig "framework" "torch" $runtime) "torch" }}
  torch: {}
  {{- else }}
  mpi:
    mpiImplementation: OpenMPI
    numProcPerNode: {{ dig "processes" 1 $runtime | int }}
    runLauncherAsNode: true
    sshAuthMountPath: /home/mpiuser/.ssh
  {{- end }}
template:
  spec:
    {{- if eq (dig "framework" "torch" $runtime) "torch" }}
    replicatedJobs:
      {{- include "training.replicatedJob" (append . (dict "name" "node" "trainer" true)) | nindent 6 }}
    {{- else }}
    network:
      publishNotReadyAddresses: true
    successPolicy:
      operator: All
      targetReplicatedJobs: [launcher]
    replicatedJobs:
      {{- include "training.replicatedJob" (append . (dict "name" "node" "sshd" true)) | nindent 6 }}
      {{- include "training.replicatedJob" (append . (dict "name" "launcher" "trainer" true)) | nindent 6 }}
    {{- end }}
{{- end -}}

{{- /* One of the runtime's jobs. Takes root, runtime and {name, trainer, sshd}. */ -}}
{{- define "training.replicatedJob" -}}
{{- $part := index . 2 -}}
- name: {{ $part.name }}
  {{- if eq $part.name "launcher" }}
  dependsOn:
    - name: node
      status: Ready
  {{- end }}
  template:
    {{- if $part.trainer }}
    metadata:
      labels:
        trainer.kubeflow.org/trainjob-ancestor-step: trainer
    {{- end }}
    spec:
      template:
        spec:
          {{- include "training.podSpec" (list (index . 0) (index . 1)) | nindent 10 }}
          containers:
            - {{ include "training.container" (list (index . 0) (index . 1)) | nindent 14 | trim }}
              {{- if $part.sshd }}
              command: [/usr/sbin/sshd]
              args: [-De, -f, /home/mpiuser/.sshd_config]
              readinessProbe:
                tcpSocket:
                  port: 2222
                initialDelaySeconds: 5
              {{- end }}
{{- end -}}
