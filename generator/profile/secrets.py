"""References to Secrets: a profile names them, it never holds a value."""

from __future__ import annotations

from typing import Annotated

from generator.model import Model, doc
from generator.names import DnsLabel, DnsName


class SecretReference(Model):
    """A Secret by name; its values are never in a profile."""

    name: Annotated[DnsName, doc("Name of the Secret.", example="nas-credentials")]
    namespace: Annotated[
        DnsLabel | None, doc("Its namespace, where it is not the claim's.", example="kube-system")
    ] = None


class SecretKey(Model):
    """One key of a Secret; its value is never in a profile."""

    name: Annotated[DnsName, doc("Name of the Secret.", example="github-oauth")]
    key: Annotated[str, doc("Key in it.", example="client-secret", pattern=r"^[-._a-zA-Z0-9]+$")]
