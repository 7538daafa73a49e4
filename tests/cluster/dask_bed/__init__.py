"""Pods of the chart dask as real processes: each in network, mount and process namespaces of its own.

`pods.py` turns rendered manifests into a description, `inside.py` runs it, `venv.py` brings Dask and Jupyter.
"""
