"""The platform under test: a profile, and what it becomes."""

from __future__ import annotations

import json
from typing import Any

from generator.checking import check_bytes
from generator.components.jupyterhub_config.values import JupyterHubConfigValues
from generator.generation import umbrella_values
from generator.output.yaml_text import dump
from generator.overriding import build_values
from generator.profile.model import Profile
from generator.toolchain import SilentProgress, ensure
from tests.conftest import ROOT
from tests.machines.bed import Cluster
from tests.machines.hub import directory

IMAGE = "labhelm.test/jupyterhub:1"
NAMESPACE = "vision"
SHARED = "/srv/shared"
CHARTS = ("teams", "storage", "dask", "jupyterhub-config")
SMALL = {"cpu": "500m", "memory": "512Mi", "image": IMAGE}


def _volume(name: str) -> dict[str, Any]:
    """A folder that both machines have, as an NFS export would be."""
    source = {"hostPath": {"path": f"{SHARED}/{name}"}}
    return {
        "size": "1Gi",
        "access": "ReadWriteMany",
        "source": source,
        "claim": {"team": NAMESPACE, "name": name},
    }


PROFILE: dict[str, Any] = {
    "name": "hub",
    "nodes": [
        {"name": "bonnie", "role": "control-plane", "schedulable": True, "purposes": ["system"],
         "cpu": 2, "memory": "8Gi"},
        {"name": "kitt", "cpu": 2, "memory": "8Gi", "gpus": {"product": "Tesla-T4", "count": 1}},
    ],
    "gpu": {"sharing": {"strategy": "time-slicing", "replicas": 4}, "defaultRuntime": True},
    "teams": [{"name": NAMESPACE}],
    "storage": {
        "classes": {"disk": {"type": "existing"}},
        "volumes": {name: _volume(name) for name in ("homes", "data", "hub-db")},
    },
    "auth": {
        "ldap": {
            "server": directory.HOST,
            "ca": {"configMap": "nas-ca"},
            "searchBase": f"ou=users,{directory.BASE}",
            "searchUser": directory.dn("reader"),
            "searchPasswordSecret": {"name": "nas-reader", "key": "password"},
            "allowedGroups": [directory.group("ml")],
            "adminGroups": [directory.group("admins")],
            # Its schema has no other.
            "groupAttributes": ["member"],
        }
    },
    "dask": {
        "team": NAMESPACE,
        "image": IMAGE,
        "scheduler": {"cpu": "200m", "memory": "512Mi"},
        "workers": {"replicas": 2, "cpu": "200m", "memory": "512Mi"},
        "notebook": {"enabled": False},
        "volumes": [{"volume": "data", "mountPath": "/data"}],
    },
    "jupyterhub": {
        "team": NAMESPACE,
        "home": {"volume": "homes"},
        "database": {"class": "disk"},
        "volumes": [{"volume": "data", "mountPath": "/data"}],
        "profiles": [
            {"name": "small", **SMALL},
            {"name": "on-bonnie", "node": "bonnie", **SMALL, "memory": "640Mi"},
            {"name": "gpu-slice", "gpus": 1, **SMALL, "cpu": "600m"},
        ],
    },
    # What a Jupyter image says itself, and this one does not.
    "overrides": {
        "jupyterhub-config": {
            "notebook": {"environment": {"HOME": "/home/jovyan"}},
            "traits": {
                "KubeSpawner": {
                    "cmd": ["-m", "jupyterhub.singleuser"],
                    # These machines share two cores with other tests.
                    "http_timeout": 240,
                    "k8s_api_request_timeout": 30,
                }
            },
        }
    },
}  # fmt: skip


def profile(**jupyterhub: Any) -> Profile:
    """The profile, with changes to its section `jupyterhub`."""
    text = dump({**PROFILE, "jupyterhub": {**PROFILE["jupyterhub"], **jupyterhub}})
    checked = check_bytes(text.encode(), "hub.yaml")
    assert checked.profile is not None, checked.diagnostics
    return checked.profile


def config(wish: Profile) -> JupyterHubConfigValues:
    """Values of the chart jupyterhub-config."""
    values = build_values("jupyterhub-config", wish)
    assert isinstance(values, JupyterHubConfigValues)
    return values


def install(cluster: Cluster, wish: Profile) -> None:
    """Install or upgrade the umbrella by helm, with the charts that this is about. Raises CommandError."""
    values = umbrella_values(wish)
    off = {name: {"enabled": False} for name in values if name not in (*CHARTS, "global")}
    file = cluster.bed.folder / "values.yaml"
    file.write_text(json.dumps(values | off))
    helm = str(ensure("helm4", runner=cluster.bed.runner, progress=SilentProgress()))
    argv = [helm, f"--kubeconfig={cluster.kubeconfig}", "upgrade", "--install", "platform"]
    argv += [str(ROOT / "charts/umbrella"), f"--values={file}", "--namespace=default", "--timeout=300s"]
    cluster.bed.run(argv, timeout=400, env={"NO_PROXY": "*", "no_proxy": "*"})
