"""An etcd of your own: real kubeadm takes the configuration, k3s' datastore and the firewall follow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cluster.runner import SystemRunner
from generator.machines.cluster import Site, site_of
from generator.machines.files import machines_files
from generator.machines.ports import ports_of
from generator.profile.cluster import Etcd
from generator.profile.model import Profile
from generator.toolchain import SilentProgress, ensure
from generator.toolchain.table import NEWEST, OLDEST
from tests.unit.machines.conftest import profile_of

ETCD = Etcd(
    endpoints=["https://192.168.11.4:2379", "https://etcd.example.org:2379"],
    ca="/etc/etcd/ca.crt",
    cert="/etc/etcd/client.crt",
    key="/etc/etcd/client.key",
)


def with_etcd(name: str, etcd: Etcd = ETCD) -> Profile:
    profile = profile_of(name)
    return profile.model_copy(update={"cluster": profile.cluster.model_copy(update={"etcd": etcd})})


def config_of(profile: Profile, file: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(machines_files(profile)[f"values/{profile.name}/machines/{file}"]))


@pytest.mark.parametrize("version", [NEWEST, OLDEST])
@pytest.mark.parametrize("etcd", [ETCD, Etcd(endpoints=["http://192.168.11.4:2379"])])
def test_kubeadm_takes_it(version: str, etcd: Etcd, tmp_path: Path) -> None:
    program = ensure("kubeadm", version=version, runner=SystemRunner(), progress=SilentProgress())
    text = machines_files(with_etcd("kubeadm", etcd))["values/kubeadm/machines/a/kubeadm.yaml"]
    config = tmp_path / "kubeadm.yaml"
    config.write_text(text.replace("kubernetesVersion: v1.36.0", f"kubernetesVersion: v{version}"))
    said = SystemRunner().run([str(program), "config", "validate", "--config", str(config)])
    assert said.stdout.strip() == "ok"
    assert "unknown" not in said.stderr


def test_it_is_the_only_etcd() -> None:
    cluster = config_of(with_etcd("kubeadm"), "a/kubeadm.yaml")[1]
    assert cluster["etcd"] == {
        "external": {
            "endpoints": ["https://192.168.11.4:2379", "https://etcd.example.org:2379"],
            "caFile": "/etc/etcd/ca.crt",
            "certFile": "/etc/etcd/client.crt",
            "keyFile": "/etc/etcd/client.key",
        }
    }
    assert "etcd" not in config_of(profile_of("kubeadm"), "a/kubeadm.yaml")[1]


def test_k3s_has_it_as_its_datastore() -> None:
    (server,) = config_of(with_etcd("k3s"), "a/config.yaml")
    assert server["datastore-endpoint"] == "https://192.168.11.4:2379,https://etcd.example.org:2379"
    assert server["datastore-keyfile"] == "/etc/etcd/client.key"
    assert "cluster-init" not in server
    (agent,) = config_of(with_etcd("k3s"), "w/config.yaml")
    assert not any(name.startswith("datastore") for name in agent)


def test_its_ports_are_open_where_it_runs(site: Callable[[str], Site]) -> None:
    external = site_of(with_etcd("kubeadm"))
    assert external is not None

    def machines(chosen: Site, port: int) -> list[str]:
        return [one.name for one in chosen.machines if port in {p.first for p in ports_of(chosen, one)}]

    assert machines(site("kubeadm"), 2379) == machines(site("kubeadm"), 2381) == ["a", "b", "c"]
    assert machines(external, 2379) == ["w"]
    assert machines(external, 2381) == []
