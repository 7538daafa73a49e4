"""Applies settings.json, which the chart makes of its values, to JupyterHub's configuration."""

import json
import os
from pathlib import Path

from labhelm_hub import authentication, culling, home, metrics, notebook


def configure(c, settings=None, env=os.environ):
    """Set everything; `c` is traitlets' configuration. Ends the hub when nobody could log in."""
    settings = settings or json.loads(Path(__file__).with_name("settings.json").read_text())
    authentication.configure(c, settings["authentication"], env)
    notebook.configure(c, settings)
    home.configure(c, settings["notebook"])
    hub = settings["hub"]
    c.JupyterHub.active_server_limit = hub["limits"]["running"]
    c.JupyterHub.concurrent_spawn_limit = hub["limits"]["starting"]
    culling.configure(c, hub["culling"], hub["port"])
    metrics.configure(c, hub["metrics"], env)
    for section, values in settings["traits"].items():
        if not section[:1].isupper():
            raise SystemExit(f"labhelm: traits.{section}: sections are names of classes, such as KubeSpawner")
        c[section].update(values)
