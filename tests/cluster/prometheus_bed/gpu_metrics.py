"""What DCGM exporters of two nodes and kube-state-metrics would serve: no GPU is here.

As dcgm-exporter 4.8 writes them with KUBERNETES_VIRTUAL_GPUS: node `gpu` has a Tesla T4 that two pods share
(each metric of it once for each pod, use and memory by process besides), `big` an A100 of one pod, an A100
cut into two MIG instances, and one that nobody holds. The host's name is labelled as two versions of it do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

BLANK = 9223372036854775794
"""What DCGM gives for a value that the GPU does not have."""
Labels = dict[str, str]


@dataclass(frozen=True)
class Gpu:
    """One device, or MIG instance, and who holds it: (namespace, pod), use in %, memory in MiB of each."""

    index: int
    uuid: str
    model: str
    memory: int
    pods: tuple[tuple[str, str, int, int], ...] = ()
    shared: bool = False
    mig: Labels = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)


NODES: Mapping[str, tuple[Gpu, ...]] = {
    "gpu": (
        Gpu(
            0,
            "GPU-t4",
            "Tesla T4",
            15360,
            (("vision", "train-0", 70, 6000), ("audio", "notebook-ada", 20, 3000)),
            shared=True,
            values={"MEMORY_TEMP": BLANK},
        ),
    ),
    "big": (
        Gpu(0, "GPU-a100-0", "NVIDIA A100", 40960, (("vision", "sleepy", 0, 500),)),
        Gpu(1, "GPU-a100-1", "NVIDIA A100", 20096, (("audio", "mig-user", 0, 900),), mig={"GPU_I_ID": "1"}),
        Gpu(1, "GPU-a100-1", "NVIDIA A100", 20096, mig={"GPU_I_ID": "2"}),
        Gpu(2, "GPU-a100-2", "NVIDIA A100", 40960),
    ),
}
_HOST_LABEL = {"gpu": "Hostname", "big": "hostname"}
_DEVICE = {
    "SM_CLOCK": 1410, "MEM_CLOCK": 1215, "GPU_TEMP": 61, "MEMORY_TEMP": 58, "POWER_USAGE": 70.5,
    "MEM_COPY_UTIL": 12, "ENC_UTIL": 0, "DEC_UTIL": 0, "FB_RESERVED": 450, "ECC_SBE_VOL_TOTAL": 0,
    "ECC_DBE_VOL_TOTAL": 0, "CORRECTABLE_REMAPPED_ROWS": 0, "UNCORRECTABLE_REMAPPED_ROWS": 0,
    "ROW_REMAP_PENDING": 0, "ROW_REMAP_FAILURE": 0, "PCIE_REPLAY_COUNTER": 0, "POWER_VIOLATION": 0,
    "THERMAL_VIOLATION": 0,
}  # fmt: skip
_GROWING = ("TOTAL_ENERGY_CONSUMPTION", "NVLINK_BANDWIDTH_TOTAL")
_PROFILED = {"GR_ENGINE_ACTIVE": 0.5, "PIPE_TENSOR_ACTIVE": 0.2, "DRAM_ACTIVE": 0.1}


def exposition(node: str, second: int, faults: Mapping[str, int]) -> str:
    """All metrics of a node at a second of its life.

    `faults` are the XID code and other device values that every GPU of the node shows.
    """
    return "".join(
        f"{name}{{{_written(labels)}}} {value}\n"
        for gpu in NODES[node]
        for name, labels, value in _of(gpu, second, faults)
        for labels in [_common(gpu, node) | labels]
    )


def state_metrics(waiting: bool) -> str:
    """kube-state-metrics: four slices and three GPUs, who asked for them, and perhaps one that waits."""
    pods = [
        ("vision", "train-0", "gpu", 1),
        ("audio", "notebook-ada", "gpu", 1),
        ("vision", "sleepy", "big", 1),
    ]
    pods += [("audio", "greedy", "", 9)] if waiting else []
    lines = [f'kube_node_status_allocatable{{node="{node}",resource="nvidia_com_gpu",unit="integer"}} {count}'
             for node, count in (("gpu", 4), ("big", 3))]  # fmt: skip
    for namespace, pod, node, count in pods:
        place = {"namespace": namespace, "pod": pod}
        asked = {
            **place,
            "container": "main",
            "resource": "nvidia_com_gpu",
            **({"node": node} if node else {}),
        }
        lines.append(f"kube_pod_container_resource_requests{{{_written(asked)}}} {count}")
        for phase in ("Pending", "Running", "Succeeded"):
            is_now = phase == ("Running" if node else "Pending")
            lines.append(f"kube_pod_status_phase{{{_written({**place, 'phase': phase})}}} {int(is_now)}")
    for kind, count in (("hard", 4), ("used", 2)):
        quota = {
            "namespace": "vision",
            "resourcequota": "q",
            "resource": "requests.nvidia.com/gpu",
            "type": kind,
        }
        lines.append(f"kube_resourcequota{{{_written(quota)}}} {count}")
    return "\n".join(lines) + "\n"


def _of(gpu: Gpu, second: int, faults: Mapping[str, int]) -> Iterator[tuple[str, Labels, float]]:
    holders: list[Labels] = [
        {
            "namespace": namespace,
            "pod": pod,
            "container": "main",
            **({"vgpu": str(number)} if gpu.shared else {}),
        }
        for number, (namespace, pod, _, _) in enumerate(gpu.pods)
    ]
    device = {**_DEVICE, **gpu.values, "FB_FREE": gpu.memory - sum(pod[3] for pod in gpu.pods) - 450}
    device |= dict.fromkeys(_GROWING, 1000 * second)
    device |= {name: value for name, value in faults.items() if name != "XID_ERRORS"}
    xid = faults.get("XID_ERRORS", 0)
    for labels in holders or [{}]:
        for name, value in device.items():
            yield f"DCGM_FI_DEV_{name}", labels, value
        yield "DCGM_FI_DEV_XID_ERRORS", {**labels, "err_code": str(xid), "err_msg": f"error {xid}"}, xid
        yield "DCGM_EXP_XID_ERRORS_COUNT", {**labels, "xid": str(xid), "window_size_in_ms": "300000"}, 0
        for name, share in _PROFILED.items():
            yield f"DCGM_FI_PROF_{name}", labels, share
        for way in ("TX", "RX"):
            yield f"DCGM_FI_PROF_PCIE_{way}_BYTES", labels, 1e6 * second
    if gpu.shared or not gpu.pods:
        yield "DCGM_FI_DEV_GPU_UTIL", {}, sum(pod[2] for pod in gpu.pods)
        yield "DCGM_FI_DEV_FB_USED", {}, sum(pod[3] for pod in gpu.pods)
    for labels, (_, _, use, memory) in zip(holders, gpu.pods, strict=True):
        yield "DCGM_FI_DEV_GPU_UTIL", labels, use
        yield "DCGM_FI_DEV_FB_USED", labels, memory


def _common(gpu: Gpu, node: str) -> Labels:
    profile = {"GPU_I_PROFILE": "3g.20gb"} if gpu.mig else {}
    return {
        "gpu": str(gpu.index), "UUID": gpu.uuid, "pci_bus_id": f"00000000:{gpu.index:02X}:00.0",
        "device": f"nvidia{gpu.index}", "modelName": gpu.model, _HOST_LABEL[node]: node,
        "DCGM_FI_DRIVER_VERSION": "580.95.05", **profile, **gpu.mig,
    }  # fmt: skip


def _written(labels: Labels) -> str:
    return ",".join(f'{key}="{value}"' for key, value in labels.items())
