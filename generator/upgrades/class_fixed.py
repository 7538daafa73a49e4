"""UPG105: a storage class would change in what Kubernetes fixes when it is made."""

from __future__ import annotations

from collections.abc import Iterator

from generator.rules.base import Finding
from generator.upgrades.base import Change

_FIXED = {
    "provisioner": "",
    "parameters": {},
    "reclaimPolicy": "Retain",
    "volumeBindingMode": "Immediate",
}
"""Key of the class in the values -> what it is when it is left out."""


def check(change: Change) -> Iterator[Finding]:
    """Yield a finding for each class that Kubernetes would refuse to change."""
    before = (change.old.get("storage") or {}).get("classes") or {}
    after = (change.new.get("storage") or {}).get("classes") or {}
    for name in before.keys() & after.keys():
        old, new = before[name], after[name]
        changed = [key for key, default in _FIXED.items() if old.get(key, default) != new.get(key, default)]
        if changed:
            yield Finding(
                ("storage", "classes", name),
                f"class {name} would change its {' and '.join(changed)}, which Kubernetes fixes",
                "give the new class another name, and keep this one for the volumes that it made",
                on_key=True,
            )
