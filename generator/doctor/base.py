"""The contract of a check: what it is given, what it yields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from generator.cluster.manifests import Manifest
from generator.doctor.snapshot import Snapshot
from generator.profile.model import Profile


class State(StrEnum):
    """How a thing stands, as people and programs read it."""

    OK = "ok"
    DIFFERENCE = "difference"
    UNKNOWN = "cannot tell"


UP = ("labhelm", "up")
"""Start of a fix that installs the platform again; the report completes it."""


@dataclass(frozen=True)
class Finding:
    """One thing: `subject` is what it is about, `fix` a command's words, `hint` what no command can do.

    In `fix` the words "kubectl" and "labhelm up" stand without their cluster: the report adds it.
    """

    subject: str
    message: str
    fix: tuple[str, ...] = ()
    hint: str = ""
    state: State = State.DIFFERENCE


def note(subject: str, message: str) -> Finding:
    """Something worth knowing that is as it should be."""
    return Finding(subject, message, state=State.OK)


def unknown(subject: str, message: str, fix: Sequence[str] = (), hint: str = "") -> Finding:
    """Something that could not be seen."""
    return Finding(subject, message, tuple(fix), hint, State.UNKNOWN)


@dataclass(frozen=True)
class Wish:
    """What should be there: the profile, and all objects that the charts make of it.

    `manifests` hold the custom resources too, whether the cluster serves their API or not. Objects without a
    namespace of their own go into `namespace`, that of the release.
    """

    profile: Profile
    values: Mapping[str, object] = field(default_factory=dict)
    manifests: Sequence[Manifest] = ()
    release: str = "platform"
    namespace: str = "default"

    def of_kind(self, *kinds: str) -> list[Manifest]:
        """The objects of these kinds, in their order."""
        return [one for one in self.manifests if one["kind"] in kinds]

    def place(self, manifest: Manifest) -> tuple[str, str]:
        """Namespace and name of an object that lies in a namespace."""
        metadata = manifest["metadata"]
        return metadata.get("namespace") or self.namespace, metadata["name"]


class Look(Protocol):
    """Compares; pure, reads nothing, never raises for what it finds."""

    def __call__(self, wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
        """Each difference, each thing that could not be seen, and what is worth a note."""
        ...


@dataclass(frozen=True)
class Check:
    """A row of CHECKS. It is not run, and cannot tell, when one of `needs` (resources) could not be read."""

    name: str
    look: Look
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a check found."""

    name: str
    findings: tuple[Finding, ...] = ()

    @property
    def state(self) -> State:
        """A difference outweighs what could not be seen."""
        states = {finding.state for finding in self.findings}
        return next((one for one in (State.DIFFERENCE, State.UNKNOWN) if one in states), State.OK)
