"""LAB104: the label scheme cannot tell the purposes apart, or a node's own labels contradict its purposes."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for one label for both, and for each label that contradicts a purpose."""
    scheme = profile.cluster.labels
    if scheme.system == scheme.build:
        yield Finding(
            ("cluster", "labels", "build"),
            f"system and build nodes have the same label {scheme.build.key}={scheme.build.value}",
            "give each purpose a key or value of its own",
        )
    for index, node in enumerate(profile.nodes):
        for purpose, label in (("system", scheme.system), ("build", scheme.build)):
            own = node.labels.get(label.key, label.value)
            if purpose in node.purposes and own != label.value:
                yield Finding(
                    ("nodes", index, "labels", label.key),
                    f"{label.key}={own} contradicts the purpose {purpose}, whose label is {label.value!r}",
                    "leave the label out: it follows from the purpose",
                )
