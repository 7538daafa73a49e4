"""Registry mirrors: one hosts.toml per registry, read at every pull, so nothing restarts for it."""

from __future__ import annotations

from agent.containerd.edit import dump_value
from agent.names import HEADER
from agent.settings import Mirror

CERTS_DIR = "/etc/containerd/certs.d"


def hosts_toml(mirror: Mirror) -> str:
    """The file for one registry."""
    lines = [HEADER.rstrip("\n")]
    if mirror.server:
        lines.append(f"server = {dump_value(mirror.server)}")
    for endpoint in mirror.endpoints:
        lines += ["", f"[host.{dump_value(endpoint.url)}]"]
        lines.append(f"  capabilities = {dump_value(endpoint.capabilities)}")
        lines += [f"  ca = {dump_value(endpoint.ca)}"] if endpoint.ca else []
        lines += ["  skip_verify = true"] if endpoint.skip_verify else []
        lines += ["  override_path = true"] if endpoint.override_path else []
    return "\n".join(lines) + "\n"


def registries_yaml(mirrors: tuple[Mirror, ...]) -> str:
    """The same for k3s and RKE2, which write the hosts.toml files themselves at each start."""
    lines = [HEADER.rstrip("\n"), "mirrors:"]
    for mirror in mirrors:
        name = "*" if mirror.registry == "_default" else mirror.registry
        lines += [f"  {dump_value(name)}:", "    endpoint:"]
        lines += [f"      - {dump_value(endpoint.url)}" for endpoint in mirror.endpoints]
    tls = {endpoint.url: endpoint for mirror in mirrors for endpoint in mirror.endpoints}
    special = [endpoint for endpoint in tls.values() if endpoint.ca or endpoint.skip_verify]
    lines += ["configs:"] if special else []
    for endpoint in special:
        host = endpoint.url.split("://", 1)[1].split("/", 1)[0]
        lines += [f"  {dump_value(host)}:", "    tls:"]
        lines += [f"      ca_file: {dump_value(endpoint.ca)}"] if endpoint.ca else []
        lines += ["      insecure_skip_verify: true"] if endpoint.skip_verify else []
    return "\n".join(lines) + "\n"
