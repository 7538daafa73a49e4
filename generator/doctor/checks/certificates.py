"""Each certificate of the platform is issued."""

from __future__ import annotations

from collections.abc import Iterator

from generator.doctor.base import Finding, Wish, note
from generator.doctor.snapshot import Snapshot, condition

_RESOURCE = "certificates.cert-manager.io"


def look(wish: Wish, snapshot: Snapshot) -> Iterator[Finding]:
    """See base.Look. One that is not there at all is a finding of custom-resources."""
    found = 0
    for wanted in wish.of_kind("Certificate"):
        namespace, name = wish.place(wanted)
        live = snapshot.find(_RESOURCE, name, namespace)
        if live is None:
            continue
        found += 1
        ready = condition(live, "Ready")
        if ready.get("status") != "True":
            reason = ready.get("message") or "cert-manager has not looked at it"
            yield Finding(
                f"certificate {namespace}/{name}",
                f"is not issued: {reason}",
                ("kubectl", "-n", namespace, "describe", "certificate", name),
            )
    if found:
        yield note("", f"{found} certificates")
