"""GPU104: a node offers its GPUs under a name that nothing of the platform asks for."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.gpu_sharing import advertised, resource_name, resources_of, sharing_of
from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each node without the platform's resource, and for a choice that is not made."""
    own = resources_of(profile, profile.gpu.sharing)
    if len(own) > 1 and profile.gpu.resource is None:
        yield Finding(
            ("gpu", "sharing"),
            f"GPUs are offered as {', '.join(own)}: which one do the platform's pods ask for?",
            f"add gpu.resource: {own[0]}",
        )
        return
    wanted = resource_name(profile)
    for index, node in enumerate(profile.nodes):
        offered = advertised(profile, node)
        if node.gpus and offered and wanted not in offered and sharing_of(profile, node).profile is None:
            path: Path = ("nodes", index, "gpus", *(["config"] if node.gpus.config else []))
            yield Finding(
                path,
                f"node {node.name} offers {', '.join(offered)}; pods and quotas here know {wanted} only",
                "use the same rename in all configurations",
                related=((("gpu", "sharing"), f"pods ask for {wanted}"),),
            )
