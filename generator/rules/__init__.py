"""Rules about the platform as a whole: one module each, its text beside it, all of them in RULES."""

from __future__ import annotations

from generator.diagnostics import Severity
from generator.rules import (
    access_mode,
    address_duplicate,
    claim_namespace,
    claim_twice,
    control_plane_endpoint,
    external_etcd,
    gpu_sharing,
    label_without_node,
    name_duplicate,
    network_overlap,
    quota_too_small,
    reference,
    removed_volume_type,
    request_fits_no_node,
    system_taint,
    tls_issuer,
    volume_not_in_namespace,
)
from generator.rules.base import Finding, Names, Path, Rule

__all__ = ["RULES", "Finding", "Names", "Path", "Rule"]

RULES: tuple[Rule, ...] = (
    Rule("CLU101", control_plane_endpoint.check, needs=("cluster", "nodes")),
    Rule("CLU102", external_etcd.check, needs=("cluster",)),
    Rule("GPU101", gpu_sharing.check),
    Rule("LAB101", label_without_node.check, needs=("nodes",)),
    Rule("LAB102", system_taint.check, needs=("nodes",), severity=Severity.WARNING),
    Rule("NAM101", name_duplicate.check),
    Rule("NET101", address_duplicate.check),
    Rule("NET102", network_overlap.check),
    Rule("NET103", tls_issuer.check, needs=("network",)),
    Rule("REF101", reference.check),
    Rule("SIZ101", request_fits_no_node.check, needs=("nodes", "gpu")),
    Rule("SIZ102", quota_too_small.check, needs=("teams",)),
    Rule("STO101", claim_twice.check),
    Rule("STO102", access_mode.check),
    Rule("STO103", removed_volume_type.check),
    Rule("STO104", claim_namespace.check),
    Rule("STO105", volume_not_in_namespace.check, needs=("storage", "teams")),
)
"""All rules by code. A code is never used again for something else."""
