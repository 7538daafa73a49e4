"""The GPUs of a node, each by itself."""

from __future__ import annotations

from generator.components.gpu_monitoring.dashboards.model import Dashboard, Panel, Query, Variable, row

_HERE = '{node=~"$node", gpu=~"$gpu"}'
_NAME = "{{node}} GPU {{gpu}}"
_PART = f"{_NAME} {{{{GPU_I_PROFILE}}}}"


def _each(metric: str, factor: str = "", selector: str = _HERE) -> str:
    """A metric of the exporter by GPU; one that several pods share has a copy of it for each of them."""
    return f"max by (node, gpu, UUID) ({metric}{selector} < 1e9){factor}"


def _rate(metric: str) -> str:
    return f"max by (node, gpu, UUID) (rate({metric}{_HERE}[$__rate_interval]))"


def _rise(metric: str) -> str:
    return f"max by (node, gpu, UUID) (increase({metric}{_HERE}[1h]))"


NODE = Dashboard(
    name="node",
    title="GPUs: node",
    text="Each GPU of the chosen nodes: use, memory, heat, clocks, errors.",
    variables=(
        Variable("node", "node:gpus:count"),
        Variable("gpu", "gpu:temperature:celsius", where='node=~"$node"'),
    ),
    panels=(
        Panel("Use", (Query(f"gpu:utilization:percent{_HERE}", _PART),), "percent", maximum=100),
        Panel(
            "Memory in use",
            (
                Query(f"gpu:memory_used:bytes{_HERE}", _PART),
                Query(f"gpu:memory:bytes{_HERE}", f"{_PART} there"),
            ),
            "bytes",
        ),
        Panel("Temperature", (Query(f"gpu:temperature:celsius{_HERE}", _NAME),), "celsius", limits=(83, 90)),
        Panel(
            "Temperature of the memory",
            (Query(f"max by (node, gpu, UUID) (DCGM_FI_DEV_MEMORY_TEMP{_HERE} < 1e6)", _NAME),),
            "celsius",
            text="Empty for GPUs that have no such sensor.",
        ),
        Panel("Power", (Query(f"gpu:power:watts{_HERE}", _NAME),), "watt"),
        Panel(
            "Clocks",
            (
                Query(_each("DCGM_FI_DEV_SM_CLOCK", " * 1e6"), f"{_NAME} multiprocessors"),
                Query(_each("DCGM_FI_DEV_MEM_CLOCK", " * 1e6"), f"{_NAME} memory"),
            ),
            "hertz",
        ),
        row("Inside"),
        Panel(
            "Engine, tensor cores, memory",
            (
                Query(_each("DCGM_FI_PROF_GR_ENGINE_ACTIVE"), f"{_NAME} engine"),
                Query(_each("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE"), f"{_NAME} tensor cores"),
                Query(_each("DCGM_FI_PROF_DRAM_ACTIVE"), f"{_NAME} memory"),
            ),
            "percentunit",
            maximum=1,
            text="Only data centre GPUs from Volta on tell it.",
        ),
        Panel(
            "Memory copies, video",
            (
                Query(_each("DCGM_FI_DEV_MEM_COPY_UTIL"), f"{_NAME} copies"),
                Query(_each("DCGM_FI_DEV_ENC_UTIL"), f"{_NAME} encoder"),
                Query(_each("DCGM_FI_DEV_DEC_UTIL"), f"{_NAME} decoder"),
            ),
            "percent",
            maximum=100,
        ),
        Panel(
            "PCIe",
            (
                Query(_rate("DCGM_FI_PROF_PCIE_TX_BYTES"), f"{_NAME} sent"),
                Query(_rate("DCGM_FI_PROF_PCIE_RX_BYTES"), f"{_NAME} received"),
            ),
            "Bps",
        ),
        Panel("NVLink", (Query(_rate("DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL"), _NAME),), "short"),
        row("Errors"),
        Panel(
            "XID",
            (
                Query(f"gpu:xid:code{_HERE}", _NAME),
                Query(_each("DCGM_EXP_XID_ERRORS_COUNT"), f"{_NAME} lately"),
            ),
            "none",
            text="The last code, which stays, and how many there were within the exporter's window.",
        ),
        Panel(
            "ECC errors, in an hour",
            (
                Query(_rise("DCGM_FI_DEV_ECC_SBE_VOL_TOTAL"), f"{_NAME} corrected"),
                Query(_rise("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL"), f"{_NAME} not corrected"),
            ),
        ),
        Panel(
            "Remapped memory rows",
            (
                Query(_each("DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS"), f"{_NAME} correctable"),
                Query(_each("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS"), f"{_NAME} uncorrectable"),
                Query(_each("DCGM_FI_DEV_ROW_REMAP_PENDING"), f"{_NAME} waits for a reset"),
                Query(_each("DCGM_FI_DEV_ROW_REMAP_FAILURE"), f"{_NAME} failed"),
            ),
        ),
        Panel(
            "Held back by heat and by power",
            (
                Query(_rate("DCGM_FI_DEV_THERMAL_VIOLATION"), f"{_NAME} heat"),
                Query(_rate("DCGM_FI_DEV_POWER_VIOLATION"), f"{_NAME} power"),
            ),
            text="More than 0: the clocks are lower than they could be.",
        ),
        Panel("PCIe retries, in an hour", (Query(_rise("DCGM_FI_DEV_PCIE_REPLAY_COUNTER"), _NAME),)),
        Panel(
            "Energy, in an hour",
            (Query(f"{_rise('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION')} / 3.6e6", _NAME),),
            "watth",
        ),
    ),
)
