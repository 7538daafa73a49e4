"""The one file that JupyterHub loads: it hands its configuration `c` to the package beside it."""

import sys

sys.path.insert(0, "/usr/local/etc/jupyterhub")

from labhelm_hub import configure

configure(c)  # noqa: F821
