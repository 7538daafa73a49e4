"""Profiles that between them need every entry of the catalogue, with and without a registry of their own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from generator.base.layer import Layer, layer_of
from generator.checking import check_bytes, check_file
from generator.profile.model import Profile
from tests.conftest import ROOT

_COMMON = """
nodes:
  - {name: head, address: 192.168.11.10, role: control-plane, schedulable: true, cpu: 64, memory: 128Gi}
  - {name: kitt, address: 192.168.11.11, cpu: 64, memory: 124Gi,
     gpus: {product: Tesla-T4, count: 2, memory: 16Gi}}
auth: {github: {clientId: x, clientSecret: {name: oauth, key: secret}, organizations: [example]}}
teams: [{name: vision}]
jupyterhub: {profiles: [{name: cpu, cpu: 4, memory: 8Gi}]}
delivery: {repository: "https://git.example.org/ml/platform.git"}
"""
_TEXTS = {
    "all": """
cluster: {distribution: k3s, cni: calico}
gpu: {advertisedBy: device-plugin, sharing: {strategy: time-slicing, replicas: 4}}
storage:
  default: local
  classes:
    nfs: {type: nfs, server: head, share: /export/kubernetes}
    trial: {type: nfs-trial}
    old: {type: nfs-subdir, server: head, share: /export/old}
    nas: {type: smb, source: //nas.lab.example.org/data, secret: {name: nas}}
    replicated: {type: longhorn, replicas: 2}
    local: {type: local-path}
network:
  domain: lab.example.org
  ingress: traefik
  loadBalancer: [192.168.11.100-192.168.11.120]
  tls: {issuer: letsencrypt-staging, email: admin@lab.example.org}
monitoring: {scrapeInterval: 1s, storage: 50Gi, grafana: {persistence: 10Gi}}
base: {extras: [rancher, kuberay, dask-operator]}
training: {operator: trainer-v2, queues: true}
""",
    "envoy": """
cluster: {distribution: rke2, cni: cilium}
gpu: {advertisedBy: gpu-operator, sharing: {strategy: time-slicing, replicas: 4}}
storage: {default: local, classes: {local: {type: local-path}}}
network: {domain: lab.example.org, ingress: envoy-gateway, tls: {issuer: self-signed}}
monitoring: {grafana: {persistence: 10Gi, adminSecret: {name: mine, key: password}}}
base: {extras: [rancher]}
training: {operator: training-operator-v1}
""",
    "kubeflow": """
network: {domain: lab.example.org, loadBalancer: [192.168.11.100-192.168.11.120], tls: {issuer: self-signed}}
kubeflow: {entry: istio}
""",
    "bare": """
network: {domain: lab.example.org, ingress: ingress-nginx}
storage: {default: local, classes: {local: {type: local-path}}}
""",
}
REGISTRY = "harbor.example.org:5000/hub"


@cache
def profiles() -> dict[str, Profile]:
    """The shipped profiles, and the ones above, by name."""
    found = {path.stem: check_file(path, path.name) for path in sorted((ROOT / "profiles").glob("*.yaml"))}
    for name, text in _TEXTS.items():
        found[name] = check_bytes(f"name: {name}\n{_COMMON}{text}".encode(), name)
        moved = f"name: {name}-moved\nregistry: {REGISTRY}\n{_COMMON}{text}"
        found[f"{name}-moved"] = check_bytes(moved.encode(), name)
    faults = {name: one.errors for name, one in found.items() if one.profile is None}
    assert not faults, faults
    return {name: one.profile for name, one in found.items() if one.profile}


@cache
def recorded(upstream: Path, name: str) -> dict[str, Any]:
    """Default values of an upstream's chart; rancher's have places for the packager in them."""
    text = re.sub(r"%[A-Z_]+%", "x", (upstream / "defaults" / name).read_text())
    values = yaml.load(text, yaml.CSafeLoader)
    assert isinstance(values, dict)
    return values


@cache
def layers() -> dict[str, Layer]:
    """Their base layers."""
    return {name: layer_of(profile) for name, profile in profiles().items()}
