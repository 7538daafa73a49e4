"""What the agent changed on this machine, from its own records."""

from __future__ import annotations

from agent.errors import EXIT_OK
from agent.host import Host
from agent.memory import recall
from agent.settings import Settings
from agent.standalone import NoCluster
from agent.transaction import Store


def show_status(host: Host, settings: Settings) -> int:
    """Print every transaction with its last event and its changes."""
    transactions = Store(host, NoCluster(), settings.state_dir).all()
    if not transactions:
        print("the agent has changed nothing on this machine")
    for transaction in transactions:
        events = transaction.events()
        print(f"{transaction.name}: {events[-1] if events else 'not begun'}")
        for action in transaction.actions:
            print(f"  {action.describe().splitlines()[0]}")
    memory = recall(host.real(settings.state_dir))
    if memory.failed:
        print(f"the last try failed: {memory.message}")
    return EXIT_OK
