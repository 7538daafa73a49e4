{{- /*
The exporter's metrics as everyone means them.
- A GPU that several pods share has a copy of each metric for each pod, and use and memory by process besides: only
  the greatest is the GPU's own, and no sum over pods means anything.
- What a GPU cannot tell comes as a number near 2^63, sometimes near 2^47 or 2^31: above the limits here.
- A MIG GPU tells its use by instance only, as a share of time.
- Labels come and go with pods, and with the text of an error; what is recorded here keeps its identity.
*/ -}}

{{- /* What tells one GPU, or one MIG instance, from another. */ -}}
{{- define "gpu-monitoring.device" -}}
node, gpu, UUID, modelName, GPU_I_PROFILE, GPU_I_ID
{{- end -}}

{{- /* What tells one physical GPU from another. */ -}}
{{- define "gpu-monitoring.card" -}}
node, gpu, UUID, modelName
{{- end -}}

{{- /* GPUs, and parts of them, as kube-state-metrics writes the names of resources. */ -}}
{{- define "gpu-monitoring.resources" -}}
resource=~"nvidia_com_(gpu|gpu_shared|mig_.+)"
{{- end -}}

{{- /* Recording rules. Takes the root context. */ -}}
{{- define "gpu-monitoring.recording" -}}
{{- $device := include "gpu-monitoring.device" . -}}
{{- $card := include "gpu-monitoring.card" . -}}
{{- $resources := include "gpu-monitoring.resources" . -}}
- record: gpu:utilization:percent
  expr: |
    max by ({{ $device }}) (DCGM_FI_DEV_GPU_UTIL <= 100)
      unless on (node, UUID) DCGM_FI_PROF_GR_ENGINE_ACTIVE{GPU_I_ID!=""}
    or max by ({{ $device }}) (DCGM_FI_PROF_GR_ENGINE_ACTIVE{GPU_I_ID!=""} <= 1) * 100
- record: gpu:memory_used:bytes
  expr: max by ({{ $device }}) (DCGM_FI_DEV_FB_USED < 1e8) * 1048576
- record: gpu:memory:bytes
  expr: |
    (
      max by ({{ $device }}) (DCGM_FI_DEV_FB_USED < 1e8)
      + max by ({{ $device }}) (DCGM_FI_DEV_FB_FREE < 1e8)
      + (
        max by ({{ $device }}) (DCGM_FI_DEV_FB_RESERVED < 1e8)
        or 0 * max by ({{ $device }}) (DCGM_FI_DEV_FB_USED < 1e8)
      )
    ) * 1048576
- record: gpu:temperature:celsius
  expr: max by ({{ $card }}) (DCGM_FI_DEV_GPU_TEMP < 1e6)
- record: gpu:power:watts
  expr: max by ({{ $card }}) (DCGM_FI_DEV_POWER_USAGE < 1e6)
- record: gpu:xid:code
  expr: max by ({{ $card }}) (DCGM_FI_DEV_XID_ERRORS < 1e6)
- record: gpu:pods:count
  expr: count by ({{ $device }}) (group by ({{ $device }}, namespace, pod) (DCGM_FI_DEV_GPU_TEMP{pod!=""}))
- record: node:gpus:count
  expr: count by (node) (group by (node, UUID) (DCGM_FI_DEV_GPU_TEMP))
- record: pod:gpu_utilization:percent
  expr: |
    max by (namespace, pod, {{ $device }}) (DCGM_FI_DEV_GPU_UTIL{pod!=""} <= 100)
      unless on (node, UUID) DCGM_FI_PROF_GR_ENGINE_ACTIVE{GPU_I_ID!=""}
    or max by (namespace, pod, {{ $device }}) (DCGM_FI_PROF_GR_ENGINE_ACTIVE{pod!="", GPU_I_ID!=""} <= 1) * 100
- record: pod:gpu_memory_used:bytes
  expr: max by (namespace, pod, {{ $device }}) (DCGM_FI_DEV_FB_USED{pod!=""} < 1e8) * 1048576
- record: node:gpus_allocatable:sum
  expr: max by (node, resource) (kube_node_status_allocatable{ {{- $resources -}} })
- record: namespace:gpus_requested:sum
  expr: |
    sum by (namespace, resource) (
      sum by (namespace, pod, resource) (kube_pod_container_resource_requests{ {{- $resources -}} })
      * on (namespace, pod) group_left ()
      max by (namespace, pod) (kube_pod_status_phase{phase=~"Pending|Running"} == 1)
    )
- record: resource:gpus_waiting:sum
  expr: |
    sum by (resource) (
      sum by (namespace, pod, resource) (kube_pod_container_resource_requests{node="", {{ $resources }}})
      * on (namespace, pod) group_left ()
      max by (namespace, pod) (kube_pod_status_phase{phase="Pending"} == 1)
    )
    or 0 * sum by (resource) (kube_node_status_allocatable{ {{- $resources -}} })
{{- end -}}
