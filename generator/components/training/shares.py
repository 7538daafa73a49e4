"""How much of each kind of GPU a team's jobs may use: its quota, spread over what the machines have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from generator.profile.demand import gpu_slices
from generator.profile.gpu_sharing import PRODUCT_LABEL as PRODUCT
from generator.profile.gpu_sharing import feature_labels
from generator.quantities import bytes_of, millicores

if TYPE_CHECKING:
    from generator.profile.model import Profile


def products(profile: Profile) -> dict[str, int]:
    """GPUs, or slices, by the product label of their nodes; schedulable nodes only."""
    found: dict[str, int] = {}
    for node in profile.nodes:
        slices = gpu_slices(profile, node) if profile.is_schedulable(node) else 0
        if slices:
            product = feature_labels(profile, node)[PRODUCT]
            found[product] = found.get(product, 0) + slices
    return found


def spread(quota: int | None, there: Mapping[str, int]) -> dict[str, int]:
    """`quota` in proportion to what is there, whole numbers that add up to it; all of it without a quota.

    Kueue and the namespace's ResourceQuota then refuse at the same point.
    """
    total = sum(there.values())
    if quota is None or quota >= total:
        return dict(there)
    shares = {name: quota * count // total for name, count in there.items()}
    by_remainder = sorted(there, key=lambda name: (-(quota * there[name] % total), name))
    for name in by_remainder[: quota - sum(shares.values())]:
        shares[name] += 1
    return shares


def all_cpu(profile: Profile) -> str:
    """CPU of all schedulable nodes."""
    return f"{sum(millicores(n.cpu) for n in profile.nodes if profile.is_schedulable(n)) // 1000}"


def all_memory(profile: Profile) -> str:
    """Memory of all schedulable nodes."""
    return f"{sum(bytes_of(n.memory) for n in profile.nodes if profile.is_schedulable(n)) // 2**20}Mi"
