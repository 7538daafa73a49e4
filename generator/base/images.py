"""Images of upstream charts: what is pulled, and the values that say from where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generator.overriding import overlay


@dataclass(frozen=True)
class Image:
    """One pinned image of an entry.

    `reference` is whole: registry, repository and tag or digest. `at` is the key path of the value that
    names the registry or holds it as its beginning, and `text` what stands there by default, in full
    ("quay.io", "quay.io/metallb/controller", "nvcr.io/nvidia"). Without `at` the upstream cannot rewrite it.
    `hidden` marks one that no pod of the manifests names: it is in a ConfigMap, or known to a program.
    """

    reference: str
    at: str = ""
    text: str = ""
    hidden: bool = False

    def moved(self, registry: str) -> str:
        """The reference where all images lie behind `registry`; the same form as in our own charts."""
        return f"{registry.rstrip('/')}/{self.reference}" if registry and self.at else self.reference


def rewriting(images: Iterable[Image], registry: str | None) -> dict[str, Any]:
    """Values that pull the images from behind `registry`; none without one."""
    out: dict[str, Any] = {}
    for image in images if registry else ():
        if image.at:
            value: Any = f"{(registry or '').rstrip('/')}/{image.text}"
            for key in reversed(keys(image.at)):
                value = {key: value}
            out = overlay(out, value)
    return out


def keys(path: str) -> list[str]:
    """The keys of a dotted path; a dot inside a key is written with a backslash before it."""
    return [key.replace("\\.", ".") for key in re.split(r"(?<!\\)\.", path)]


def at(defaults: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted key path. Raises KeyError where there is none."""
    value: Any = defaults
    for key in keys(path):
        value = value[key]
    return value
