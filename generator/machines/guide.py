"""The guide beside the scripts: the order in which machines join, and each machine's ports."""

from __future__ import annotations

from dataclasses import dataclass

from generator.machines.cluster import Machine, Role, Site
from generator.machines.ports import Port, ports_of
from generator.machines.script import start_command
from generator.output.render import render


@dataclass(frozen=True)
class JoinStep:
    """One command, and the machine to give it on."""

    machine: str
    command: str
    why: str


def join_order(site: Site) -> list[JoinStep]:
    """All commands from bare machines to a cluster; each needs the ones before it.

    Control planes join one by one: etcd takes one new member at a time.
    """
    first = site.machines[0]
    steps = [JoinStep(machine.name, f"sh {machine.name}.sh --apply", "prepare") for machine in site.machines]
    steps.append(JoinStep(first.name, start_command(first), "start the cluster"))
    if len(site.machines) > 1:
        steps.append(JoinStep(first.name, join_file_command(first), "write the join file, and copy it"))
    why = {Role.CONTROL_PLANE: "join, then wait until it is Ready", Role.WORKER: "join"}
    steps += [
        JoinStep(machine.name, start_command(machine), why[machine.role]) for machine in site.machines[1:]
    ]
    return steps


def join_file_command(first: Machine) -> str:
    """What writes a join file with a fresh token."""
    return f"sh {first.name}.sh --join-file JOIN-FILE"


def guide_text(site: Site, mark: str) -> str:
    """README.md of the folder."""
    return render(
        "machines/guide.md.j2",
        mark=mark,
        site=site,
        profile=site.profile,
        steps=join_order(site),
        first=site.machines[0],
        ports=_ports(site),
        several=len(site.servers) > 1,
    )


def _ports(site: Site) -> list[tuple[Port, str]]:
    """Each port once, with the machines that need it."""
    found: dict[Port, list[str]] = {}
    for machine in site.machines:
        for port in ports_of(site, machine):
            found.setdefault(port, []).append(machine.name)
    everyone = len(site.machines)
    return [(port, "all" if len(names) == everyone else ", ".join(names)) for port, names in found.items()]
