"""How pods and kubelets reach a server that the profile names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.profile.model import Profile


def host_of(profile: Profile, server: str) -> str:
    """The address of a node where it is known, as its name need not resolve elsewhere; else `server`."""
    return next((node.address for node in profile.nodes if node.name == server and node.address), server)
