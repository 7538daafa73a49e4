"""The way into a cluster as one of its ServiceAccounts."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from generator.cluster.kubectl import Access
from generator.cluster.local import LocalCluster


def as_account(cluster: LocalCluster, account: str, namespace: str, folder: Path) -> Access:
    """With a real token of the ServiceAccount, kept in `folder`, and nothing else."""
    token = cluster.kubectl().run("create", "token", account, "--namespace", namespace).stdout.strip()
    admin = cluster.access()
    assert admin.kubeconfig is not None
    config = yaml.safe_load(admin.kubeconfig.read_text())
    config["users"] = [{"name": one["name"], "user": {"token": token}} for one in config["users"]]
    file = folder / f"{account}.kubeconfig"
    file.write_text(json.dumps(config))
    return Access(file, admin.context, admin.prefix)
