"""What the cluster's programs are started with."""

from __future__ import annotations

from pathlib import Path

import yaml

from generator.cluster.local import components

TOOLS = {name: Path("/tools") / name for name in ("etcd", "control-plane", "kwok")}
ALL = (
    components.etcd,
    components.api_server,
    components.controller_manager,
    components.scheduler,
    components.kwok,
)


def test_nothing_listens_beyond_loopback(tmp_path: Path) -> None:
    for make in ALL:
        for flag in make(TOOLS, tmp_path).argv:
            assert "0.0.0.0" not in flag
            assert "://" not in flag or "127.0.0.1" in flag or "kubernetes.default" in flag


def test_kwok_gets_no_server_so_that_exec_stays_off(tmp_path: Path) -> None:
    flags = " ".join(components.kwok(TOOLS, tmp_path).argv)
    assert "--server-address" not in flags
    assert "--node-port" not in flags


def test_admission_and_authorization(tmp_path: Path) -> None:
    flags = components.api_server(TOOLS, tmp_path).argv
    assert "--authorization-mode=Node,RBAC" in flags
    assert "--enable-admission-plugins=NodeRestriction" in flags
    assert not any("disable-admission-plugins" in flag for flag in flags)


def test_stages_are_valid_and_named_once() -> None:
    documents = [
        document
        for path in components.STAGES.glob("*.yaml")
        for document in yaml.safe_load_all(path.read_text())
    ]
    assert {document["kind"] for document in documents} == {"Stage"}
    names = [document["metadata"]["name"] for document in documents]
    assert sorted(names) == sorted(set(names))
