"""From a profile's `storage` section to the chart's values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.components.lean import lean
from generator.components.shared import build_global
from generator.components.storage.classes import build_class
from generator.components.storage.hosts import host_of
from generator.components.storage.sources import (
    CsiSource,
    HostPathSource,
    IscsiSource,
    LocalSource,
    NfsSource,
    SecretRef,
)
from generator.components.storage.values import BoundClaim, Claim, StorageValues, Volume

if TYPE_CHECKING:
    from generator.profile import volume_sources, volumes
    from generator.profile.model import Profile
    from generator.profile.secrets import SecretReference

NFS_DRIVER = "nfs.csi.k8s.io"
SMB_DRIVER = "smb.csi.k8s.io"


def build(profile: Profile) -> StorageValues:
    """`enabled=False` when the profile has neither classes nor volumes."""
    storage = profile.storage
    built = {name: build_class(profile, name, wish) for name, wish in storage.classes.items()}
    classes = {name: made for name, made in built.items() if made}
    return StorageValues(
        enabled=bool(classes or storage.volumes),
        global_=build_global(profile),
        default_class=storage.default if storage.default in classes else "",
        labels=dict(storage.labels),
        classes=classes,
        volumes={k: _volume(profile, k, v) for k, v in storage.volumes.items() if not v.storage_class},
        claims={k: _claim(profile, k, v) for k, v in storage.volumes.items() if v.storage_class},
    )


def _volume(profile: Profile, name: str, wish: volumes.Volume) -> Volume:
    return lean(
        Volume,
        name=wish.persistent_volume or "",
        size=wish.size,
        access_modes=[profile.storage.access_of(wish)],
        claim=lean(BoundClaim, **_claim_place(profile, name, wish)),
        reclaim_policy=wish.reclaim_policy,
        mount_options=list(wish.mount_options),
        volume_mode=wish.volume_mode,
        **_source(profile, wish),
    )


def _claim(profile: Profile, name: str, wish: volumes.Volume) -> Claim:
    return lean(
        Claim,
        size=wish.size,
        access_modes=[profile.storage.access_of(wish)],
        class_name=wish.storage_class,
        volume_mode=wish.volume_mode,
        **_claim_place(profile, name, wish),
    )


def _claim_place(profile: Profile, name: str, wish: volumes.Volume) -> dict[str, str]:
    claim = profile.claim_of(name, wish)
    return {"namespace": profile.claim_namespace(claim), "name": claim.name}


def _source(profile: Profile, wish: volumes.Volume) -> dict[str, object]:
    """The chart's key for the volume's source, and `nodes` where it ties the volume to one."""
    if wish.nfs:
        return _nfs(profile, wish.nfs)
    if wish.smb:
        return {"csi": _smb(wish.smb)}
    if wish.csi:
        return {"csi": _csi(wish.csi)}
    if wish.local:
        return {"local": LocalSource(path=wish.local.path), "nodes": [wish.local.node]}
    if wish.host_path:
        kind = "DirectoryOrCreate" if wish.host_path.create else ""
        return {"host_path": lean(HostPathSource, path=wish.host_path.path, type=kind)}
    if wish.iscsi:
        return {"iscsi": _iscsi(wish.iscsi)}
    return {"source": dict(wish.source or {})}


def _nfs(profile: Profile, wish: volume_sources.NfsSource) -> dict[str, object]:
    server = host_of(profile, wish.server)
    if not wish.csi:
        return {"nfs": NfsSource(server=server, path=wish.path)}
    attributes = {"server": server, "share": wish.path}
    return {"csi": CsiSource(driver=NFS_DRIVER, volume_attributes=attributes)}


def _smb(wish: volume_sources.SmbSource) -> CsiSource:
    return CsiSource(
        driver=SMB_DRIVER,
        volume_attributes={"source": wish.source},
        node_stage_secret_ref=_secret(wish.secret),
    )


def _csi(wish: volume_sources.CsiSource) -> CsiSource:
    return lean(
        CsiSource,
        driver=wish.driver,
        volume_handle=wish.volume_handle,
        fs_type=wish.fs_type,
        volume_attributes=dict(wish.attributes),
        node_stage_secret_ref=_secret(wish.secret) if wish.secret else SecretRef(),
    )


def _iscsi(wish: volume_sources.IscsiSource) -> IscsiSource:
    return IscsiSource(target_portal=wish.portal, iqn=wish.iqn, lun=wish.lun, fs_type=wish.fs_type)


def _secret(wish: SecretReference) -> SecretRef:
    return (
        SecretRef(name=wish.name, namespace=wish.namespace) if wish.namespace else SecretRef(name=wish.name)
    )
