"""Dask's operator: DaskCluster objects, beside or instead of the umbrella's Dask."""

from __future__ import annotations

from generator.base.images import Image
from generator.base.model import Chart, Crds, Entry, Namespace
from generator.base.waves import OPERATORS

_IMAGE = "ghcr.io/dask/dask-kubernetes-operator"
_VERSION = "2025.4.3"

ENTRY = Entry(
    name="dask-kubernetes-operator",
    title="Dask operator",
    source=Chart("https://helm.dask.org", "dask-kubernetes-operator", _VERSION),
    namespace=Namespace("dask-operator", "restricted"),
    wave=OPERATORS.number,
    licence="BSD-3-Clause",
    enabled=lambda profile: "dask-operator" in profile.base.extras,
    values=lambda _: {
        "image": {"tag": _VERSION},
        "podSecurityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
    },
    images=(Image(f"{_IMAGE}:{_VERSION}", "image.name", _IMAGE),),
    ready=(Crds(("daskclusters.kubernetes.dask.org",)),),
    defaults="dask-kubernetes-operator.values.yaml",
    crds_in_chart=True,
    traps=("Its definitions are in crds/, which helm never upgrades.", "No release for more than a year."),
)
