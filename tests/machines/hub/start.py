"""The hub's start file: proxy, database and namespace as Zero to JupyterHub sets them, and nothing more."""

import os
from pathlib import Path

c = get_config()  # type: ignore[name-defined]  # noqa: F821
c.JupyterHub.hub_bind_url = "http://:8081"
c.JupyterHub.hub_connect_url = "http://hub:8081"
c.JupyterHub.db_url = "sqlite:////srv/jupyterhub/hub.sqlite"
c.JupyterHub.cookie_secret_file = "/srv/jupyterhub/cookie-secret"
c.JupyterHub.cleanup_servers = False
c.JupyterHub.services = []
c.JupyterHub.load_roles = []
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = "http://proxy:8001"
c.KubeSpawner.namespace = os.environ["POD_NAMESPACE"]
c.KubeSpawner.common_labels = {"app": "jupyterhub"}
c.KubeSpawner.volumes = {}
c.KubeSpawner.volume_mounts = {}
for path in sorted(Path("/usr/local/etc/jupyterhub/jupyterhub_config.d").glob("*.py")):
    exec(compile(path.read_text(), path, "exec"))
