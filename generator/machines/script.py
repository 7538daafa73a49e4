"""The script that prepares one machine: everything it needs is inside."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any

from generator.machines import kubeadm, rancher
from generator.machines.archive import agent_archive
from generator.machines.cluster import API_PORT, Machine, Role, Site, host_port
from generator.machines.firewall import PATH as FIREWALL_PATH
from generator.machines.firewall import TABLE
from generator.machines.hosts import host_lines
from generator.machines.nfs import exported_directories
from generator.machines.packages import needs
from generator.machines.preparing import machine_settings
from generator.output.render import render

FIREWALL_UNIT = "/etc/systemd/system/labhelm-firewall.service"
FIREWALL_LINK = "/etc/systemd/system/multi-user.target.wants/labhelm-firewall.service"
EXPORTS_PATH = "/etc/exports.d/labhelm.exports"

_FIREWALL_SERVICE = f"""\
[Unit]
Description=Ports of this machine, by Labhelm
Wants=network-pre.target
Before=network-pre.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f {FIREWALL_PATH}
ExecStop=/usr/sbin/nft delete table inet {TABLE}

[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True)
class MachineFile:
    """A file that the script writes; `condition` is a test of sh, "" for always."""

    path: str
    text: str
    mode: str = "0644"
    condition: str = ""


def machine_files(config: str, exports: str, firewall: str, *, config_path: str) -> list[MachineFile]:
    """The files on the machine; the firewall's only if asked for, as it may lock people out."""
    asked = '"$firewall" = yes'
    files = [
        MachineFile(config_path, config, "0600"),
        MachineFile(FIREWALL_PATH, firewall, condition=asked),
        MachineFile(FIREWALL_UNIT, _FIREWALL_SERVICE, condition=asked),
    ]
    if exports:
        files.append(MachineFile(EXPORTS_PATH, exports))
    return files


def config_path(site: Site) -> str:
    """Where the cluster's configuration stands on the machine."""
    distribution = site.profile.cluster.distribution
    if distribution == "kubeadm":
        return kubeadm.CONFIG_PATH
    return rancher.DISTRIBUTIONS[distribution].config_path


def script_text(site: Site, machine: Machine, mark: str, files: list[MachineFile]) -> str:
    """The whole script."""
    profile = site.profile
    settings = machine_settings(site, machine).model_dump(by_alias=True, mode="json", exclude_unset=True)
    return render(
        "machines/script.sh.j2",
        mark=mark,
        machine=machine,
        version=profile.cluster.version,
        distribution=profile.cluster.distribution,
        usage=_usage(site, machine),
        packages=shlex.quote(profile.node_prep.offline or "upstream"),
        files=files,
        hosts=host_lines(site, site.known_to(machine)),
        needs=needs(site, machine),
        settings=json.dumps(settings, indent=2),
        agent=agent_archive(),
        first=site.machines[0].name,
        several_servers=len(site.servers) > 1,
        endpoint=host_port(site.endpoint, API_PORT),
        endpoint_host=site.endpoint,
        config_path=config_path(site),
        join_path=kubeadm.JOIN_PATH,
        exports=[shlex.quote(path) for path in exported_directories(profile, machine)],
        sshd=profile.node_prep.sshd,
        next=start_command(machine),
        firewall_path=FIREWALL_PATH,
        firewall_unit=FIREWALL_UNIT,
        firewall_link=FIREWALL_LINK,
        firewall_table=TABLE,
        **_rancher_names(site, machine),
    )


def start_command(machine: Machine) -> str:
    """What starts the cluster on the machine, or lets it join."""
    return f"sh {machine.name}.sh --start" + ("" if machine.role is Role.FIRST else " JOIN-FILE")


def _usage(site: Site, machine: Machine) -> list[str]:
    script, first = f"sh {machine.name}.sh", machine.role is Role.FIRST
    kubeadm_options = " [-- KUBEADM-OPTIONS]" if site.profile.cluster.distribution == "kubeadm" else ""
    lines = [
        (script, "show what would change, change nothing"),
        (f"{script} --apply", "install, configure and check this machine"),
        (start_command(machine) + kubeadm_options, "start the cluster here" if first else "join the cluster"),
    ]
    if first:
        lines.append(
            (f"{script} --join-file FILE", "what another machine needs to join (secret); - prints it")
        )
        lines.append(
            (f"{script} --kubeconfig | --nodes", "print the administrator's kubeconfig (secret) | nodes")
        )
    lines += [
        (f"{script} --undo | --status", "take everything back | show what was changed"),
        ("  --packages upstream|distribution|none|FOLDER", "where packages come from"),
        ("  --firewall", "with --apply: open the ports of this machine and close all others"),
        ("  --drained", "with --apply or --undo, in a cluster: this machine is drained"),
    ]
    width = max(len(command) for command, _ in lines)
    return [f"{command:{width}}  {meaning}" for command, meaning in lines]


def _rancher_names(site: Site, machine: Machine) -> dict[str, Any]:
    name = site.profile.cluster.distribution
    if name == "kubeadm":
        return {"unit": "", "token_path": "", "type": ""}
    kind = "server" if machine.is_server else "agent"
    unit = "k3s" if (name, kind) == ("k3s", "server") else f"{name}-{kind}"
    return {"unit": unit, "token_path": rancher.DISTRIBUTIONS[name].token_path, "type": kind}
