"""The node agent of Labhelm: prepares one machine as a transaction.

Standard library only and Python 3.9+, because old LTS hosts carry no newer one. The same package runs in a
pod (host mounted at --root) and on a bare machine before it joins a cluster (--root /).
"""

from __future__ import annotations

VERSION = "0.1.0"
