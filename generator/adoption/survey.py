"""Look at a cluster for objects that a platform would make; the server itself says what it would refuse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from generator.adoption.verdicts import (
    Found,
    Owner,
    Verdict,
    changes,
    hindrance,
    owner_of,
    reserved_elsewhere,
)
from generator.cluster.kubectl import Kubectl
from generator.cluster.manifests import Manifest
from generator.cluster.preparing import AS_HELM, owned
from generator.errors import CommandError

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
"""As long as an object has it, kubectl deletes what was applied by hand and is not in ours: labels, data."""


@dataclass(frozen=True)
class Survey:
    """One cluster, seen with the eyes of one release."""

    kubectl: Kubectl
    owner: Owner

    def look(self, wanted: Sequence[Manifest]) -> list[Found]:
        """What is there already of the wanted objects. Changes nothing; raises CommandError."""
        live = {_key(one): one for one in self._live(wanted)}
        volumes = {one["metadata"]["name"]: one for one in self.kubectl.get_all("persistentvolumes")}
        found = [self._judged(one, live[_key(one)]) for one in wanted if _key(one) in live]
        return [*found, *self._under_other_names(wanted, volumes)]

    def adopt(self, found: Sequence[Found], wanted: Sequence[Manifest]) -> None:
        """Give those found what the profile says of them, and mark them as the release's own."""
        ours = {_key(one): one for one in wanted}
        for one in found:
            where = ("--namespace", one.namespace) if one.namespace else ()
            self.kubectl.run("annotate", one.kind, one.name, *where, f"{_LAST_APPLIED}-")
            self._apply(ours[one.kind, one.namespace, one.name])

    def _apply(self, manifest: Manifest, *options: str) -> Manifest:
        marked = owned(manifest, self.owner.release, self.owner.namespace)
        after: Manifest = json.loads(
            self.kubectl.run(*AS_HELM, "-o=json", *options, stdin=json.dumps(marked)).stdout
        )
        return after

    def _live(self, wanted: Sequence[Manifest]) -> list[Manifest]:
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(wanted)})
        said = self.kubectl.run("get", "-f", "-", "--ignore-not-found", "-o", "json", stdin=text).stdout
        answer: Manifest = json.loads(said) if said.strip() else {"items": []}
        return list(answer["items"]) if "items" in answer else [answer]

    def _judged(self, wanted: Manifest, live: Manifest) -> Found:
        metadata = live["metadata"]
        place = (live["kind"], metadata.get("namespace", ""), metadata["name"])
        if owner_of(live) == self.owner:
            return Found(*place, Verdict.OURS)
        if reason := hindrance(live, self.owner):
            return Found(*place, Verdict.REFUSED, reason)
        try:
            after = self._apply(wanted, "--dry-run=server")
        except CommandError as error:
            return Found(*place, Verdict.REFUSED, f"Kubernetes refuses ours: {error.output.strip()}")
        return Found(*place, Verdict.ADOPT, changes=changes(live, after))

    def _under_other_names(self, wanted: Sequence[Manifest], volumes: dict[str, Manifest]) -> list[Found]:
        return [
            Found(
                "PersistentVolume",
                "",
                other,
                Verdict.REFUSED,
                f"it is reserved for the claim of our {one['metadata']['name']}: "
                f"write `persistentVolume: {other}` in that volume of the profile",
            )
            for one in wanted
            if (other := reserved_elsewhere(one, volumes))
        ]


def _key(manifest: Manifest) -> tuple[str, str, str]:
    metadata = manifest["metadata"]
    return manifest["kind"], metadata.get("namespace", ""), metadata["name"]
