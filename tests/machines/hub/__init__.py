"""JupyterHub on the machines of a bed: a directory, the platform, a hub that reads our ConfigMap, a browser.

The hub's own start file is not Zero to JupyterHub's, whose chart no package client has: it sets proxy,
database and namespace as that does, then loads `jupyterhub_config.d/*.py` in the same way.
"""
