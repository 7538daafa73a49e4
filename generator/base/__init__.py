"""The base layer: pinned upstream charts, their values, and the order in which they are installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base import (
    cert_manager,
    csi_nfs,
    csi_smb,
    dask_operator,
    dcgm_exporter,
    definitions,
    device_plugin,
    envoy_gateway,
    gpu_operator,
    ingress_nginx,
    jupyterhub,
    kubeflow,
    kuberay,
    kueue,
    local_path,
    longhorn,
    metallb,
    monitoring,
    nfs_subdir,
    nfs_trial,
    platform,
    pod_network,
    rancher,
    traefik,
    trainer,
    training_v1,
)
from generator.base.model import Entry

if TYPE_CHECKING:
    from generator.profile.model import Profile

__all__ = ["CATALOGUE", "Entry", "wanted"]

CATALOGUE: tuple[Entry, ...] = (
    pod_network.FLANNEL,
    pod_network.CILIUM,
    pod_network.CALICO,
    definitions.GATEWAY_API,
    definitions.PROMETHEUS,
    cert_manager.ENTRY,
    metallb.ENTRY,
    csi_nfs.ENTRY,
    csi_smb.ENTRY,
    nfs_trial.ENTRY,
    longhorn.ENTRY,
    local_path.ENTRY,
    traefik.ENTRY,
    envoy_gateway.ENTRY,
    envoy_gateway.CLASS,
    ingress_nginx.ENTRY,
    monitoring.ENTRY,
    gpu_operator.ENTRY,
    device_plugin.ENTRY,
    dcgm_exporter.ENTRY,
    kueue.ENTRY,
    trainer.ENTRY,
    training_v1.ENTRY,
    dask_operator.ENTRY,
    kuberay.ENTRY,
    kubeflow.ENTRY,
    rancher.ENTRY,
    platform.UMBRELLA,
    platform.NODES,
    jupyterhub.ENTRY,
)
"""All entries but those that come once for each StorageClass (nfs_subdir.entries)."""


def wanted(profile: Profile) -> tuple[Entry, ...]:
    """What the profile needs and its cluster has not already, in the order of installation."""
    entries = (*CATALOGUE, *nfs_subdir.entries(profile))
    found = [one for one in entries if one.name not in profile.base.installed and one.enabled(profile)]
    return tuple(sorted(found, key=lambda one: one.wave))
