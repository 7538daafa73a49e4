"""Which files a checkout has: those that each profile becomes, and those that come from our own models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generator.components import node_prep
from generator.output.plan import FileSet, mark, merge
from generator.output.yaml_text import dump, dump_values
from generator.overriding import BUILDERS, build_values
from generator.profile.model import Profile

MANAGED = ("values", "charts", "schemas", "docs/reference")
"""Folders in which a generated file that nothing makes any more is deleted."""


def umbrella_values(profile: Profile) -> dict[str, Any]:
    """Values of the umbrella chart: what all charts share, then each chart's own."""
    values = {name: dump_values(build_values(name, profile)) for name in BUILDERS}
    for name, chart in values.items():
        if name != "global":
            chart.pop("global", None)
    return values


def values_text(profile: Profile) -> str:
    """The text of `values/<name>.yaml`."""
    head = (
        f"# {mark(f'profiles/{profile.name}.yaml')}\n"
        f"# helm install platform ./charts/umbrella -f values/{profile.name}.yaml\n"
    )
    return head + dump(umbrella_values(profile))


def node_prep_text(profile: Profile) -> str:
    """The text of `values/<name>/node-prep.yaml`."""
    head = (
        f"# {mark(f'profiles/{profile.name}.yaml')}\n"
        f"# helm install node-prep ./charts/node-prep -f values/{profile.name}/node-prep.yaml\n"
    )
    return head + dump(dump_values(build_values(node_prep.name, profile)))


def _machines_files(profile: Profile) -> dict[str, str]:
    if any(node.address is None for node in profile.nodes):
        return {}
    # Imported here: profiles of machines that others prepare need none of it, and shall be quick.
    from generator.machines.files import machines_files

    return machines_files(profile)


def _base_files(profile: Profile) -> dict[str, str]:
    from generator.delivery.files import base_files

    return base_files(profile)


def profile_files(profile: Profile) -> dict[str, bytes | str]:
    """Everything that one profile becomes."""
    platform, nodes = values_text(profile), node_prep_text(profile)
    return {
        f"values/{profile.name}.yaml": platform,
        f"values/{profile.name}/node-prep.yaml": nodes,
        # ct tries each chart with every file of its folder ci/.
        f"charts/umbrella/ci/{profile.name}-values.yaml": platform,
        f"charts/node-prep/ci/{profile.name}-values.yaml": nodes,
        **_machines_files(profile),
        **_base_files(profile),
    }


def _fleet_files(profiles: list[Profile]) -> dict[str, str]:
    from generator.delivery.fleet import fleet_files

    return fleet_files(profiles)


def all_files(profiles: Iterable[Profile], own: FileSet) -> FileSet:
    """The files of all profiles, and those that our own models become."""
    known = list(profiles)
    return merge([own, _fleet_files(known), *(profile_files(profile) for profile in known)])
