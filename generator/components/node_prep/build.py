"""From a profile to the chart's values: the settings of each machine, put together by groups."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.components.fields import Image
from generator.components.lean import lean
from generator.components.node_prep.values import Global, Group, Lease, NodePrepValues
from generator.machines.cluster import Machine, Role, Site, site_of
from generator.machines.preparing import machine_settings
from generator.machines.settings import NodeObject, Settings, Taint
from generator.names import image_parts
from generator.profile.model import Profile

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
Kind = tuple[str, bool]
"""A profile's group ("" for none), and whether its nodes have GPUs."""
ORDINARY: Kind = ("", False)
JITTER_SHARE = 12
"""The jitter is this part of the interval, so that a thousand nodes do not ask all at once."""
MAX_PEERS = 100
"""Each node resolves the name of every peer at every run."""


def build(profile: Profile) -> NodePrepValues:
    """Most nodes share the chart's `settings`; those with a group or GPUs form groups of the chart."""
    wish, site = profile.node_prep, _site(profile)
    members: dict[Kind, list[Machine]] = {}
    for machine in sorted(site.machines, key=lambda one: one.name):
        members.setdefault((machine.node.group or "", machine.node.gpus is not None), []).append(machine)
    settings = {kind: _settings(site, machines[0]) for kind, machines in members.items()}
    base = settings.get(ORDINARY) or next(iter(settings.values()))
    interval = max(10, seconds(wish.interval))
    return NodePrepValues(
        global_=Global(image_registry=profile.registry or "", image_pull_secrets=list(profile.pull_secrets)),
        image=Image.model_validate(image_parts(wish.image)) if wish.image else NodePrepValues().image,
        mode=wish.mode,
        interval_seconds=interval,
        jitter_seconds=interval // JITTER_SHARE,
        settings=base,
        groups={
            name: Group(nodes=[one.name for one in members[kind]], settings=_differing(settings[kind], base))
            for kind, name in _names(members).items()
            if settings[kind] != base
        },
        nodes={one.name: node for one in site.machines if (node := _node(site, one)) != NodeObject()},
        lease=Lease(slots=wish.max_unavailable),
    )


def seconds(duration: str) -> int:
    """Whole seconds of `1h30m`."""
    return int(
        sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"(\d+)(ms|[smhd])", duration))
    )


def _site(profile: Profile) -> Site:
    """Without addresses too: they are needed before the cluster exists, not by its nodes."""
    roles = {"control-plane": Role.CONTROL_PLANE, "worker": Role.WORKER}
    return site_of(profile) or Site(
        profile, tuple(Machine(node, node.address or "", roles[node.role]) for node in profile.nodes)
    )


def _names(kinds: Iterable[Kind]) -> dict[Kind, str]:
    """Names of the chart's groups; a profile's group may be called `gpu`, too."""
    names: dict[Kind, str] = {}
    for kind in kinds:
        group, has_gpus = kind
        name = "-".join(dict.fromkeys([*filter(None, [group]), *(["gpu"] if has_gpus else [])])) or "default"
        names[kind] = name if name not in names.values() else f"{name}-{len(names)}"
    return names


def _settings(site: Site, machine: Machine) -> Settings:
    told = machine_settings(site, machine)
    settings = Settings(
        **{name: getattr(told, name) for name in Settings.model_fields if name in told.model_fields_set}
    )
    peers = [peer for peer in settings.checks.peers if peer.address]
    # Whether ports are free is a question from before the machine joined.
    changed = {"peers": peers if len(peers) <= MAX_PEERS else [], "ports": []}
    checks = settings.checks.model_copy(update=changed)
    return settings.model_copy(update={"checks": checks})


def _differing(settings: Settings, base: Settings) -> Settings:
    names = [name for name in Settings.model_fields if getattr(settings, name) != getattr(base, name)]
    return Settings(**{name: getattr(settings, name) for name in names})


def _node(site: Site, machine: Machine) -> NodeObject:
    node = machine_settings(site, machine).node
    taints = [lean(Taint, key=one.key, effect=one.effect, value=one.value) for one in node.taints]
    return lean(NodeObject, labels=dict(node.labels), taints=taints)
