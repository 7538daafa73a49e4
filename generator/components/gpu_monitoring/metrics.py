"""The metrics that the DCGM exporter shall serve; rules and dashboards use no others of its.

Those that its own list leaves out are the ones that alerts need: violations, ECC, pending row remaps, XIDs of
a time window. A list given to the exporter replaces its own, so this one is whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["gauge", "counter", "label"]


@dataclass(frozen=True)
class Metric:
    """A line of the list: a field of DCGM (or a metric of the exporter's own), its type, a help text."""

    name: str
    kind: Kind
    help: str


def _dev(name: str, kind: Kind, text: str) -> Metric:
    return Metric(f"DCGM_FI_DEV_{name}", kind, text)


def _prof(name: str, kind: Kind, text: str) -> Metric:
    return Metric(f"DCGM_FI_PROF_{name}", kind, text)


METRICS: tuple[Metric, ...] = (
    _dev("GPU_UTIL", "gauge", "Share of time in which a kernel ran (in %)."),
    _dev("MEM_COPY_UTIL", "gauge", "Share of time in which memory was read or written (in %)."),
    _dev("ENC_UTIL", "gauge", "Use of the video encoder (in %)."),
    _dev("DEC_UTIL", "gauge", "Use of the video decoder (in %)."),
    _dev("FB_USED", "gauge", "Memory in use (in MiB)."),
    _dev("FB_FREE", "gauge", "Memory that is free (in MiB)."),
    _dev("FB_RESERVED", "gauge", "Memory that the driver keeps for itself (in MiB)."),
    _dev("SM_CLOCK", "gauge", "Clock of the multiprocessors (in MHz)."),
    _dev("MEM_CLOCK", "gauge", "Clock of the memory (in MHz)."),
    _dev("GPU_TEMP", "gauge", "Temperature of the GPU (in C)."),
    _dev("MEMORY_TEMP", "gauge", "Temperature of the memory (in C)."),
    _dev("POWER_USAGE", "gauge", "Power (in W)."),
    _dev("TOTAL_ENERGY_CONSUMPTION", "counter", "Energy since the driver was loaded (in mJ)."),
    _dev("POWER_VIOLATION", "counter", "Time for which power limits held the clocks back."),
    _dev("THERMAL_VIOLATION", "counter", "Time for which heat held the clocks back."),
    _dev("XID_ERRORS", "gauge", "The last XID error; it stays until the driver is loaded again."),
    Metric("DCGM_EXP_XID_ERRORS_COUNT", "gauge", "XID errors within the exporter's time window."),
    _dev("ECC_SBE_VOL_TOTAL", "counter", "Single-bit ECC errors, corrected."),
    _dev("ECC_DBE_VOL_TOTAL", "counter", "Double-bit ECC errors, not corrected."),
    _dev("CORRECTABLE_REMAPPED_ROWS", "counter", "Memory rows remapped for correctable errors."),
    _dev("UNCORRECTABLE_REMAPPED_ROWS", "counter", "Memory rows remapped for uncorrectable errors."),
    _dev("ROW_REMAP_PENDING", "gauge", "Whether a row is remapped at the next reset."),
    _dev("ROW_REMAP_FAILURE", "gauge", "Whether a row could not be remapped."),
    _dev("PCIE_REPLAY_COUNTER", "counter", "Retries on PCIe."),
    _dev("NVLINK_BANDWIDTH_TOTAL", "counter", "NVLink traffic of all lanes."),
    _prof("GR_ENGINE_ACTIVE", "gauge", "Share of time in which the engine was busy (0 to 1)."),
    _prof("PIPE_TENSOR_ACTIVE", "gauge", "Share of cycles in which tensor cores were busy (0 to 1)."),
    _prof("DRAM_ACTIVE", "gauge", "Share of cycles in which memory was busy (0 to 1)."),
    _prof("PCIE_TX_BYTES", "counter", "Bytes sent over PCIe."),
    _prof("PCIE_RX_BYTES", "counter", "Bytes received over PCIe."),
    Metric("DCGM_FI_DRIVER_VERSION", "label", "Version of the driver."),
)


def metrics_csv() -> str:
    """The list as the exporter reads it; a comma in a help text would end it."""
    return "".join(f"{one.name}, {one.kind}, {one.help.replace(',', ';')}\n" for one in METRICS)
