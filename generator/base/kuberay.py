"""KubeRay: Ray clusters and jobs."""

from __future__ import annotations

from generator.base.images import Image
from generator.base.model import Chart, Crds, Entry, Namespace
from generator.base.waves import OPERATORS

_IMAGE = "quay.io/kuberay/operator"

ENTRY = Entry(
    name="kuberay-operator",
    title="KubeRay",
    source=Chart("https://ray-project.github.io/kuberay-helm", "kuberay-operator", "1.7.0"),
    namespace=Namespace("kuberay-system", "baseline"),
    wave=OPERATORS.number,
    licence="Apache-2.0",
    enabled=lambda profile: "kuberay" in profile.base.extras,
    values=lambda _: {"image": {"tag": "v1.7.0"}},
    images=(Image(f"{_IMAGE}:v1.7.0", "image.repository", _IMAGE),),
    needs=("kueue",),
    ready=(Crds(("rayclusters.ray.io", "rayjobs.ray.io")),),
    crds_in_chart=True,
    traps=("Its definitions are in crds/, which helm never upgrades.",),
)
