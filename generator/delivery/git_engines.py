"""What Argo CD and Flux share: where the project's git repository is."""

from __future__ import annotations

from dataclasses import dataclass

from generator.profile.base import Delivery


@dataclass(frozen=True)
class Git:
    """Repository and branch or tag of the project."""

    repository: str
    revision: str


def git_of(delivery: Delivery) -> Git:
    """The profile's repository."""
    return Git(delivery.repository, delivery.revision)
