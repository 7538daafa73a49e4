"""Pinned tools: where each comes from (PATH, our cache, a package client) and how it gets here.

`table.py` says which tools there are, `install.py` brings one, `listing.py` says what is here.
"""

from generator.toolchain.install import ensure, ensure_group
from generator.toolchain.listing import ToolState, list_tools
from generator.toolchain.progress import Progress, SilentProgress
from generator.toolchain.table import GROUPS, TOOLS, Tool

__all__ = [
    "GROUPS",
    "TOOLS",
    "Progress",
    "SilentProgress",
    "Tool",
    "ToolState",
    "ensure",
    "ensure_group",
    "list_tools",
]
