"""UPG107: users of JupyterHub would find empty homes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.rules.base import Finding
from generator.upgrades.base import Change, Values

_CHART = "jupyterhub-config"


def check(change: Change) -> Iterator[Finding]:
    """Yield a finding where the hub's namespace changes, or what a home is."""
    old, new = _hub(change.old), _hub(change.new)
    if not old or not new:
        return
    before, now = old.get("namespace", ""), new.get("namespace", "")
    if before != now:
        yield Finding(
            ("jupyterhub", "team"),
            f"the hub would move from namespace {before or _RELEASE} to {now or _RELEASE}",
            "its claims, one for each user, and its database stay in the old one: copy them first",
        )
    if (homes := (_home(old), _home(new)))[0] != homes[1]:
        yield Finding(
            ("jupyterhub", "home"),
            f"homes would be {homes[1]}; they are {homes[0]}",
            "users' files stay where they are, and nobody sees them: copy them first",
        )


_RELEASE = "of the release"


def _hub(values: Values) -> Mapping[str, Any]:
    hub = values.get(_CHART) or {}
    return hub if hub.get("enabled") else {}


def _home(hub: Mapping[str, Any]) -> str:
    home = (hub.get("notebook") or {}).get("home") or {}
    if home.get("kind", "class") == "claim":
        return f"folders of the claim {home.get('claim', '')}"
    return "a claim for each user"
