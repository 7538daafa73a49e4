"""Every kind of change, by the name it has in a journal."""

from __future__ import annotations

from agent.actions.base import Action
from agent.actions.files import FileAction
from agent.actions.node import NodeMetadata
from agent.actions.runtime import Hold, LoadModule, SetSysctl, SwapOff
from agent.actions.service import Restart
from agent.actions.tree import CopyTree

ACTIONS: dict[str, type[Action]] = {
    "file": FileAction,
    "swapoff": SwapOff,
    "module": LoadModule,
    "sysctl": SetSysctl,
    "hold": Hold,
    "restart": Restart,
    "tree": CopyTree,
    "node": NodeMetadata,
}
