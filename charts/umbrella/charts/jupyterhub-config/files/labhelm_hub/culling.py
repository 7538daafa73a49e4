"""Notebooks that nobody uses are stopped by jupyterhub-idle-culler, a service of the hub."""

import sys

NAME = "jupyterhub-idle-culler"
SCOPES = ["list:users", "read:users:activity", "read:servers", "delete:servers"]


def configure(c, culling, port):
    """Add the service and the role that lets it stop notebooks, and no more."""
    if not culling["enabled"]:
        return
    base = c.JupyterHub.base_url if isinstance(c.JupyterHub.get("base_url"), str) else "/"
    command = [
        sys.executable,
        "-m",
        "jupyterhub_idle_culler",
        f"--url=http://localhost:{port}{base.rstrip('/')}/hub/api",
        f"--timeout={culling['idleSeconds']}",
        f"--cull-every={culling['everySeconds']}",
        f"--concurrency={culling['concurrency']}",
    ]
    if culling["maxAgeSeconds"]:
        command.append(f"--max-age={culling['maxAgeSeconds']}")
    if not culling["admins"]:
        command.append("--cull-admin-users=false")
    append(c.JupyterHub, "services", {"name": NAME, "command": command})
    append(c.JupyterHub, "load_roles", {"name": NAME, "scopes": SCOPES, "services": [NAME]})


def append(section, name, item):
    """Add to a list that may have been set before; traitlets gives a place holder for one that was not."""
    before = section[name] if name in section else []  # noqa: SIM401
    section[name] = [*(before if isinstance(before, list) else []), item]
