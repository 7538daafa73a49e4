"""Workstations and a NAS: RKE2, Longhorn and the NAS's share, a range of addresses, pages with TLS."""

from __future__ import annotations

import copy

from generator.machines.files import machines_files
from tests.platforms.platform import Platform, live

PLATFORM = "team"


def test_the_platform_comes_up_with_its_volumes(platform: Platform) -> None:
    platform.follow("from-team-cluster.md")
    assert set(platform.bound()["jhub"]) == {"shared"}
    assert set(platform.objects("storageclass")) >= {"longhorn", "nas"}
    (volume,) = platform.objects("persistentvolume").values()
    assert volume["spec"]["csi"]["driver"] == "smb.csi.k8s.io"
    assert volume["spec"]["csi"]["nodeStageSecretRef"] == {"name": "nas", "namespace": "kube-system"}


def test_addresses_and_issuers_are_there(platform: Platform) -> None:
    (pool,) = platform.kubectl.get_all("ipaddresspool")
    assert pool["spec"]["addresses"] == ["192.168.11.100-192.168.11.120"]
    servers = {one["spec"]["acme"]["server"] for one in platform.kubectl.get_all("clusterissuer")}
    assert {"staging" in server for server in servers} == {True, False}
    hosts = {
        name for one in platform.kubectl.get_all("httproute") for name in one["spec"].get("hostnames", [])
    }
    assert hosts == {"hub.internal.example.com"}


def test_every_machine_has_its_rke2_configuration(platform: Platform) -> None:
    files = machines_files(platform.profile)
    for node in platform.profile.nodes:
        own = [text for path, text in files.items() if f"/machines/{node.name}/" in path]
        assert any("rke2" in str(text) for text in own), node.name


def test_its_life(platform: Platform) -> None:
    changed = copy.deepcopy(platform.data)
    changed["teams"].append({"name": "guests"})
    changed["jupyterhub"]["profiles"].append({"name": "medium", "cpu": 4, "memory": "16Gi"})
    changed["network"]["tls"]["issuer"] = "letsencrypt-production"
    live(platform, changed)
