"""BAS103: some images come from elsewhere, whatever `registry` says."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each part whose upstream has no value that names a registry for all images."""
    if profile.registry is None or profile.node_prep.containerd.mirrors:
        return
    for path, what in _parts(profile):
        yield Finding(
            ("registry",),
            f"{what} pulls images from other registries than this one",
            "add nodePrep.containerd.mirrors: on the machines, every pull can be sent elsewhere",
            related=((path, what),),
        )


def _parts(profile: Profile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if profile.kubeflow:
        yield ("kubeflow",), "Kubeflow"
    if profile.training and profile.training.operator == "training-operator-v1":
        yield ("training", "operator"), "training-operator v1"
    if profile.cluster.cni == "calico":
        yield ("cluster", "cni"), "Calico's operator"
    if profile.gpu.driver == "operator" and any(node.gpus for node in profile.nodes):
        yield ("gpu", "driver"), "the GPU operator's driver"
    if "rancher" in profile.base.extras:
        yield ("base", "extras"), "Rancher"
