"""What the cluster's programs and its user need to know each other: certificates and kubeconfigs."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from generator.cluster.local.private import write_private

SERVER = "https://127.0.0.1:6443"

# File name, user and groups of each client. kwok plays every kubelet at once, which no narrower role allows.
CLIENTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("admin", "labhelm-admin", ("system:masters",)),
    ("controller-manager", "system:kube-controller-manager", ()),
    ("scheduler", "system:kube-scheduler", ()),
    ("kwok", "labhelm-kwok", ("system:masters",)),
)


def kubeconfig_of(folder: Path, client: str) -> Path:
    """The kubeconfig of one of CLIENTS under the cluster's pki folder."""
    return folder / f"{client}.kubeconfig"


def write_credentials(folder: Path, context: str) -> None:
    """Make all keys and certificates anew in `folder`."""
    # Imported here because only a start needs it and it takes longer to load than the rest.
    from generator.cluster.local.certificates import Authority, signing_key

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = Authority()
    authority.pair.write(folder, "ca")
    authority.server().write(folder, "apiserver")
    write_private(folder / "service-accounts.key", signing_key())
    for client, user, groups in CLIENTS:
        pair = authority.client(user, *groups)
        text = _kubeconfig(context, authority.pair.certificate, pair.certificate, pair.key)
        write_private(kubeconfig_of(folder, client), text.encode())


def _kubeconfig(context: str, authority: bytes, certificate: bytes, key: bytes) -> str:
    cluster = {"server": SERVER, "certificate-authority-data": _base64(authority)}
    user = {"client-certificate-data": _base64(certificate), "client-key-data": _base64(key)}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": context, "cluster": cluster}],
            "users": [{"name": context, "user": user}],
            "contexts": [{"name": context, "context": {"cluster": context, "user": context}}],
            "current-context": context,
        },
        indent=1,
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
