"""GPU103: a MIG layout that nobody defines, or that its strategy, node or neighbours do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.diagnostics.suggest import did_you_mean
from generator.profile.gpu import MigDevices, Sharing
from generator.profile.gpu_sharing import GENERATED_LAYOUTS, plugin_nodes, sharing_of, sharings
from generator.profile.model import Profile
from generator.rules.base import Finding, Names, Path

_GENERATED = re.compile(r"all-[1-7]g\.\d+gb(\+[a-z.]+)?")


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each fault of a layout, for indexes without GPU, and for two strategies at once."""
    first: tuple[Path, str] | None = None
    for name, sharing in sharings(profile).items():
        path: Path = ("gpu", "sharing") if sharing is profile.gpu.sharing else ("gpu", "configs", name)
        if sharing.strategy != "mig":
            continue
        yield from _layout(profile, sharing, (*path, "profile"))
        if first and first[1] != sharing.mig_strategy and profile.gpu.advertised_by == "gpu-operator":
            yield Finding(
                path,
                f"migStrategy {sharing.mig_strategy}, and {first[1]} elsewhere: the operator has one for all",
                "use the same for all MIG configurations",
                related=((first[0], f"migStrategy {first[1]}"),),
            )
        first = first or (path, sharing.mig_strategy)
    yield from _indexes(profile)


def _layout(profile: Profile, sharing: Sharing, path: Path) -> Iterator[Finding]:
    own, name = profile.gpu.mig_layouts, sharing.profile
    if name is None:
        return
    generated = name in GENERATED_LAYOUTS or _GENERATED.fullmatch(name)
    if name not in own and not generated:
        guess = did_you_mean(name, (*own, *GENERATED_LAYOUTS))
        hint = f"did you mean {guess}?" if guess else "define it in gpu.migLayouts, or use all-<slice>"
        yield Finding(path, f"there is no MIG layout {name!r}", hint)
    elif own and name not in own and not _GENERATED.fullmatch(name) and name != "all-disabled":
        yield Finding(
            path,
            f"{name} is made by the MIG manager, which makes none beside layouts of your own",
            "define it in gpu.migLayouts too",
        )
    elif sharing.mig_strategy == "single" and (name == "all-balanced" or not _one_size(own.get(name))):
        yield Finding(
            path,
            f"{name} has several sizes, or whole GPUs: with migStrategy single none would be offered",
            "set migStrategy: mixed, or cut all GPUs into slices of one size",
        )


def _one_size(layout: list[MigDevices] | None) -> bool:
    return layout is None or len({tuple(sorted(part.slices)) for part in layout}) == 1 == len(
        layout[0].slices
    )


def _indexes(profile: Profile) -> Iterator[Finding]:
    for node in plugin_nodes(profile):
        sharing = sharing_of(profile, node)
        layout = profile.gpu.mig_layouts.get(sharing.profile or "", []) if sharing.strategy == "mig" else []
        for number, part in enumerate(layout):
            for place, index in enumerate(part.devices):
                if node.gpus and index >= node.gpus.count:
                    yield Finding(
                        ("gpu", "migLayouts", sharing.profile or "", number, "devices", place),
                        f"node {node.name} has no GPU {index}: its GPUs are 0 to {node.gpus.count - 1}",
                        "a layout fits every node that uses it, or the MIG manager fails there",
                    )
