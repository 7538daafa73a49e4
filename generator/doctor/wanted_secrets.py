"""Secrets that somebody must have made: named by pods, volumes and issuers, or by the profile alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.cluster.manifests import Manifest, SecretNeed, pull_secret_needs, secret_needs
from generator.doctor.base import Wish
from generator.profile.auth import PROVIDERS
from generator.profile.model import Profile
from generator.profile.storage_classes import SmbClass

_SMB_NAMESPACE = "kube-system"
"""Where the chart `storage` looks for a class's Secret that names no namespace."""


def wanted_secrets(wish: Wish) -> list[SecretNeed]:
    """Sorted, one for each Secret and key; what cert-manager makes itself is left out."""
    made = {place for one in wish.of_kind("Certificate") for place in _made(wish, one)}
    named = {
        *secret_needs(wish.manifests, wish.namespace),
        *pull_secret_needs(wish.manifests, wish.namespace),
        *_in_manifests(wish),
        *_in_profile(wish),
    }
    return sorted(need for need in named if (need.namespace, need.name) not in made)


def _made(wish: Wish, certificate: Manifest) -> Iterator[tuple[str, str]]:
    name = (certificate.get("spec") or {}).get("secretName")
    if name:
        yield wish.place(certificate)[0], name


def _in_manifests(wish: Wish) -> Iterator[SecretNeed]:
    for volume in wish.of_kind("PersistentVolume"):
        yield from _references(volume["spec"])
    for issuer in wish.of_kind("Issuer"):
        name = ((issuer.get("spec") or {}).get("ca") or {}).get("secretName")
        if name:
            yield SecretNeed(wish.place(issuer)[0], name)
    for gateway in wish.of_kind("Gateway"):
        yield from _listener_secrets(wish, gateway)


def _references(part: Any) -> Iterator[SecretNeed]:
    """All `...SecretRef: {name, namespace}` below."""
    if not isinstance(part, Mapping):
        return
    for key, value in part.items():
        if key.lower().endswith("secretref") and isinstance(value, Mapping) and value.get("name"):
            yield SecretNeed(str(value.get("namespace", "")), str(value["name"]))
        else:
            yield from _references(value)


def _listener_secrets(wish: Wish, gateway: Manifest) -> Iterator[SecretNeed]:
    namespace, _ = wish.place(gateway)
    for listener in gateway["spec"].get("listeners", ()):
        for reference in (listener.get("tls") or {}).get("certificateRefs", ()):
            yield SecretNeed(reference.get("namespace", namespace), reference["name"])


def _in_profile(wish: Wish) -> Iterator[SecretNeed]:
    """What no manifest names: classes' Secrets, pull secrets of default accounts, keys of the login."""
    profile = wish.profile
    for wanted in profile.storage.classes.values():
        if isinstance(wanted, SmbClass):
            yield SecretNeed(wanted.secret.namespace or _SMB_NAMESPACE, wanted.secret.name)
    for team in profile.teams:
        for name in (*profile.pull_secrets, *team.pull_secrets):
            yield SecretNeed(team.team_namespace, name)
    yield from _login(profile, wish.namespace)


def _login(profile: Profile, release_namespace: str) -> Iterator[SecretNeed]:
    if profile.auth is None or profile.jupyterhub is None:
        return
    namespace = profile.namespace_of(profile.jupyterhub.team) or release_namespace
    providers = (getattr(profile.auth, name) for name in PROVIDERS)
    for provider in filter(None, providers):
        for field in ("client_secret", "search_password_secret"):
            key = getattr(provider, field, None)
            if key is not None:
                yield SecretNeed(namespace, key.name, key.key)
