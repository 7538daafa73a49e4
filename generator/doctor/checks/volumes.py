"""Each claim of the profile is bound, and to the volume that is reserved for it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.cluster.manifests import Manifest
from generator.doctor.base import UP, Finding, Wish
from generator.doctor.snapshot import Object, Snapshot

_GIVE_BACK = (
    '[{"op":"remove","path":"/spec/claimRef/uid"},{"op":"remove","path":"/spec/claimRef/resourceVersion"}]'
)
"""A patch: the volume is free again for the claim of the same name."""


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look."""
    for volume in wish.of_kind("PersistentVolume"):
        yield from _volume(volume, snapshot)
    for claim in wish.of_kind("PersistentVolumeClaim"):
        yield from _claim(wish, claim, snapshot)


def _volume(wanted: Manifest, snapshot: Snapshot) -> Iterator[Finding]:
    name = wanted["metadata"]["name"]
    live = snapshot.find("persistentvolumes", name)
    if live is None:
        yield Finding(f"volume {name}", "is not in the cluster", UP)
        return
    phase = live["status"].get("phase", "Pending")
    reserved, bound = _reference(wanted), _reference(live)
    if bound != reserved:
        yield Finding(
            f"volume {name}",
            f"belongs to the claim {'/'.join(bound)}, it is reserved for {'/'.join(reserved)}",
            ("kubectl", "describe", "pv", name),
        )
    elif phase == "Released":
        yield Finding(
            f"volume {name}",
            "is Released: its claim was deleted, the data is there",
            ("kubectl", "patch", "pv", name, "--type=json", "-p", _GIVE_BACK),
        )
    elif phase == "Failed":
        reason = live["status"].get("message", "")
        yield Finding(f"volume {name}", f"is {phase}: {reason}", ("kubectl", "describe", "pv", name))


def _claim(wish: Wish, wanted: Manifest, snapshot: Snapshot) -> Iterator[Finding]:
    namespace, name = wish.place(wanted)
    live = snapshot.find("persistentvolumeclaims", name, namespace)
    subject = f"claim {namespace}/{name}"
    if live is None:
        yield Finding(subject, "is not in the cluster", UP)
        return
    phase = live["status"].get("phase", "Pending")
    volume = wanted["spec"].get("volumeName", "")
    if phase != "Bound" and not _waits_for_a_pod(live, snapshot):
        yield Finding(subject, f"is {phase}", ("kubectl", "-n", namespace, "describe", "pvc", name))
    elif phase == "Bound" and volume and live["spec"].get("volumeName") != volume:
        yield Finding(
            subject,
            f"is bound to {live['spec'].get('volumeName')}, not to {volume}",
            ("kubectl", "-n", namespace, "describe", "pvc", name),
        )


def _waits_for_a_pod(claim: Object, snapshot: Snapshot) -> bool:
    """A class on nodes' own disks makes the volume when a pod is placed."""
    of_class = snapshot.find("storageclasses.storage.k8s.io", claim["spec"].get("storageClassName") or "")
    return of_class is not None and of_class.get("volumeBindingMode") == "WaitForFirstConsumer"


def _reference(volume: Object) -> tuple[str, str]:
    reference = volume["spec"].get("claimRef") or {}
    return reference.get("namespace", ""), reference.get("name", "")
