"""The base layer: what the platform stands on, beyond what follows from the rest of the profile."""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model import Model, doc
from generator.names import DnsLabel


class Base(Model):
    """Upstream charts that the platform stands on."""

    extras: Annotated[
        list[Literal["rancher", "kuberay", "dask-operator"]],
        doc("Parts that nothing else in the profile asks for.", example=["kuberay"]),
    ] = []
    installed: Annotated[
        list[DnsLabel],
        doc("Parts that the cluster has already; they are left alone.", example=["cert-manager"]),
    ] = []


class Delivery(Model):
    """Where this project is kept, for engines that install from git."""

    repository: Annotated[
        str,
        doc(
            "URL of the git repository, as the engine in the cluster reaches it.",
            example="https://git.example.org/ml/platform.git",
            pattern=r"^(https?|ssh)://[^\s]+$",
        ),
    ]
    revision: Annotated[str, doc("Branch.", example="main", pattern=r"^[A-Za-z0-9][\w./-]*$")] = "main"
    engines: Annotated[
        list[Literal["argocd", "flux"]], doc("For which of them files are written.", example=["argocd"])
    ] = ["argocd", "flux"]
