"""local-path-provisioner: folders on the node where the pod runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Values
from generator.base.needed import has_class
from generator.base.waves import FOUNDATION
from generator.components.storage.classes import LOCAL_PATH
from generator.machines.rancher import keeps_local_path
from generator.profile.storage_classes import LocalPathClass

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = "local-path-storage"
_REPOSITORY = "docker.io/rancher/local-path-provisioner"
_HELPER = "docker.io/library/busybox"
_HELPER_TAG = "1.38.0"


def _enabled(profile: Profile) -> bool:
    """k3s brings it, under the same provisioner's name, unless its machines are told to leave it out."""
    return has_class(profile, "local-path") and not keeps_local_path(profile)


def build(profile: Profile) -> Values:
    """Values for the chart. One provisioner, so all classes have one set of folders."""
    classes = [one for one in profile.storage.classes.values() if isinstance(one, LocalPathClass)]
    paths = list(dict.fromkeys(one.path for one in classes))
    return {
        # The umbrella's chart `storage` makes the classes; the name is what they ask for.
        "storageClass": {"create": False, "provisionerName": LOCAL_PATH},
        "nodePathMap": [{"node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": paths}],
        "helperImage": {"tag": _HELPER_TAG},
    }


ENTRY = Entry(
    name="local-path-provisioner",
    title="local-path provisioner",
    source=Chart("oci://ghcr.io/rancher/local-path-provisioner/charts", "local-path-provisioner", "0.0.37"),
    namespace=Namespace(NAMESPACE, "privileged"),
    wave=FOUNDATION.number,
    licence="Apache-2.0",
    enabled=_enabled,
    values=build,
    images=(
        Image(f"{_REPOSITORY}:v0.0.37", "image.repository", _REPOSITORY),
        Image(f"{_HELPER}:{_HELPER_TAG}", "helperImage.repository", _HELPER, hidden=True),
    ),
    optional=("storageClass.provisionerName",),
    traps=(
        "The chart calls the provisioner cluster.local/..., not rancher.io/local-path, unless it is told.",
        "Its helper's image is busybox:latest.",
        "k3s has it built in: a second one would answer for the same claims.",
    ),
)
