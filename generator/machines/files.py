"""Everything under values/<name>/machines/: a script and the files in it for each machine, and a guide."""

from __future__ import annotations

from generator.machines import kubeadm, rancher
from generator.machines.cluster import Machine, Site, site_of
from generator.machines.firewall import firewall_text
from generator.machines.guide import guide_text
from generator.machines.hosts import host_lines
from generator.machines.nfs import export_lines
from generator.machines.script import config_path, machine_files, script_text
from generator.output.plan import mark
from generator.output.yaml_text import dump
from generator.profile.model import Profile


def machines_files(profile: Profile) -> dict[str, str]:
    """Path to text, a folder for each machine; nothing when a node has no address (`without_address`)."""
    site = site_of(profile)
    if site is None:
        return {}
    sentence, folder = mark(f"profiles/{profile.name}.yaml"), f"values/{profile.name}/machines"
    files = {
        f"{folder}/README.md": guide_text(site, sentence),
        f"{folder}/etc_hosts": _commented(sentence, "\n".join(host_lines(site, site.machines)) + "\n"),
    }
    for machine in site.machines:
        own = _machine(site, machine, sentence)
        files |= {f"{folder}/{machine.name}/{name}": text for name, text in own.items()}
    return files


def machine_scripts(profile: Profile) -> dict[str, str]:
    """The script of each machine, by its name."""
    folder = f"values/{profile.name}/machines"
    files, site = machines_files(profile), site_of(profile)
    names = [machine.name for machine in site.machines] if site else []
    return {name: files[f"{folder}/{name}/{name}.sh"] for name in names}


def _machine(site: Site, machine: Machine, sentence: str) -> dict[str, str]:
    """The script, and beside it what people want to read or use without it."""
    config = _commented(sentence, _config(site, machine))
    firewall = firewall_text(site, machine, sentence)
    lines = export_lines(site.profile, machine)
    exports = _commented(sentence, "\n".join(lines) + "\n") if lines else ""
    inside = machine_files(config, exports, firewall, config_path=config_path(site))
    name = config_path(site).rpartition("/")[2]
    out = {
        f"{machine.name}.sh": script_text(site, machine, sentence, inside),
        name: config,
        "firewall.nft": firewall,
    }
    return {**out, "exports": exports} if exports else out


def _config(site: Site, machine: Machine) -> str:
    if site.profile.cluster.distribution != "kubeadm":
        return dump(rancher.document(site, machine))
    return "---\n".join(dump(document) for document in kubeadm.documents(site, machine))


def _commented(sentence: str, text: str) -> str:
    return f"# {sentence}\n{text}"
