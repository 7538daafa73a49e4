"""Parts of manifests in a profile: what is written without a value is told, wherever it stands."""

from __future__ import annotations

import pytest

from generator.checking import check_bytes
from generator.generation import values_text

_HEAD = "name: p\nnodes: [{name: a, role: control-plane, cpu: 4, memory: 8Gi}]\n"
_ACME = "issuer: letsencrypt-staging, email: a@lab.dataspace.cloud, challenge: dns01"


def _network(dns01: str) -> str:
    return f"network: {{domain: lab.dataspace.cloud, tls: {{{_ACME}, dns01: {dns01}}}}}\n"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (_network("{route53: }"), "route53"),
        ("storage: {volumes: {v: {size: 1Gi, source: {fc: {lun: , targetWWNs: [a]}}}}}\n", "fc.lun"),
        ("storage: {volumes: {v: {size: 1Gi, source: {fc: {targetWWNs: [a, null]}}}}}\n", "fc.targetWWNs[1]"),
        ("overrides: {network: {issuers: {x: {type: acme, acme: {dns01: {route53: }}}}}}\n", "route53"),
    ],
)
def test_a_key_without_a_value_is_told(text: str, key: str) -> None:
    found = check_bytes((_HEAD + text).encode(), "p.yaml")
    (fault,) = found.errors
    assert (fault.code, fault.span.line) == ("S003", 3)
    assert key in fault.message


def test_an_empty_block_is_passed_on() -> None:
    profile = check_bytes((_HEAD + _network("{route53: {}}")).encode(), "p.yaml").profile
    assert profile is not None
    assert "route53: {}" in values_text(profile)


def test_a_registry_without_mirrors_is_told() -> None:
    text = "nodePrep: {containerd: {mirrors: {docker.io: []}}}\n"
    (fault,) = check_bytes((_HEAD + text).encode(), "p.yaml").errors
    assert (fault.code, fault.span.line) == ("S004", 3)
