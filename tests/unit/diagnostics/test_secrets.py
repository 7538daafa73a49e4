"""Plain secrets are found and not printed; references to Secrets are fine."""

import pytest

from generator.diagnostics import Diagnostic
from generator.diagnostics.secrets import secret_diagnostics
from generator.profile.loader import load


def _found(text: str) -> tuple[Diagnostic, ...]:
    tree = load("p.yaml", text.encode()).tree
    assert tree
    return secret_diagnostics(tree)


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter2",
        "password: 123456",
        "auth: {ldap: {bindPassword: hunter2}}",
        "api_key: hunter2",
        "apiKey: hunter2",
        "privateKey: hunter2",
        "tokens: [hunter2]",
        "clientSecret: Hunter2!",
        "clientSecret: 0a1b2c3d4e5f60718293a4b5",
        "env: [{name: HF_TOKEN, value: hunter2}]",
        "note: ghp_" + "a1B2" * 9,
        "note: AKIA" + "ABCD1234EFGH5678",
        "note: xoxb-1234567890-abc",
        "note: eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl",
        "note: https://user:hunter2@example.org/x",
        "note: |\n  -----BEGIN RSA PRIVATE KEY-----\n  abc\n",
    ],
)
def test_literal_secret(text: str) -> None:
    (diagnostic,) = _found(text)
    assert diagnostic.code == "S010"
    assert "kubectl create secret generic" in diagnostic.hint
    shown = diagnostic.message + diagnostic.hint
    assert not any(value in shown for value in ("hunter2", "123456", "a1B2", "Hunter2", "0a1b2c"))


@pytest.mark.parametrize(
    "text",
    [
        "passwordSecret: {name: ldap, key: password}",
        "password: {name: ldap, key: password}",
        "tlsSecretName: lab-tls",
        "secretRef: nas-credentials",
        "pullSecrets: [arlregcred]",
        "clientSecret: {name: lab-oidc, key: client-secret}",
        "tokenTTL: 1h",
        "maxTokens: 5",
        "passwordFile: /etc/x",
        "key: value",
        "password: ''",
        "token:",
        "url: https://example.org:8443/x",
    ],
)
def test_reference_or_no_secret(text: str) -> None:
    assert _found(text) == ()
