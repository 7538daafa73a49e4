"""The hub's metrics: for who shows the token, else for all who reach the hub."""

from labhelm_hub.culling import append

NAME = "prometheus"
TOKEN = "LABHELM_METRICS_TOKEN"


def configure(c, metrics, env):
    """Without metrics JupyterHub's own default stays: only who has logged in and may read them."""
    if not metrics["enabled"]:
        return
    if not metrics["token"]["name"]:
        c.JupyterHub.authenticate_prometheus = False
        return
    if not env.get(TOKEN):
        raise SystemExit(f"labhelm: {TOKEN} is empty; the hub's pod takes it from a Secret")
    append(c.JupyterHub, "services", {"name": NAME, "api_token": env[TOKEN]})
    append(c.JupyterHub, "load_roles", {"name": NAME, "scopes": ["read:metrics"], "services": [NAME]})
