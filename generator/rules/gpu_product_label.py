"""GPU108: pods select GPUs by a product label that no node will carry."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diagnostics.suggest import did_you_mean
from generator.profile.demand import demands
from generator.profile.gpu_sharing import PRODUCT_LABEL as PRODUCT
from generator.profile.gpu_sharing import feature_labels
from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each selector that feature discovery's labels do not match."""
    there = sorted({labels[PRODUCT] for n in profile.nodes if (labels := feature_labels(profile, n))})
    own = {node.labels[PRODUCT] for node in profile.nodes if PRODUCT in node.labels}
    for demand in demands(profile):
        wanted = demand.node_labels.get(PRODUCT)
        if wanted is not None and wanted not in own.union(there):
            guess = next((name for name in there if name.startswith(wanted)), did_you_mean(wanted, there))
            yield Finding(
                (*demand.path, "nodeLabels", PRODUCT),
                f"no node will carry {PRODUCT}={wanted}: sharing changes this label",
                f"did you mean {guess}?" if guess else f"the nodes will have {', '.join(there) or 'none'}",
            )
