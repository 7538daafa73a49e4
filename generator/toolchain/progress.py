"""How bringing a tool shows itself to the person waiting."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol


class Progress(Protocol):
    """Told what is being done; may show it."""

    def working(self, what: str) -> AbstractContextManager[None]:
        """Show `what` while the block runs; it may take minutes."""
        ...

    def note(self, text: str) -> None:
        """Show one finished step."""
        ...


class SilentProgress:
    """Shows nothing."""

    def working(self, what: str) -> AbstractContextManager[None]:
        """See Progress.working."""
        del what
        return contextlib.nullcontext()

    def note(self, text: str) -> None:
        """See Progress.note."""


class RichProgress:
    """Shows a spinner with the seconds so far on standard error; plain lines when that is no terminal."""

    def __init__(self) -> None:
        # Imported here because rich takes longer to load than most commands take to run.
        from rich.console import Console

        self._console = Console(file=sys.stderr, highlight=False)

    @contextlib.contextmanager
    def working(self, what: str) -> Iterator[None]:
        """See Progress.working."""
        from rich.progress import Progress as Bar
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

        if not self._console.is_terminal:
            self.note(what)
            yield
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        with Bar(*columns, console=self._console, transient=True) as bar:
            bar.add_task(what)
            yield

    def note(self, text: str) -> None:
        """See Progress.note."""
        self._console.print(text, markup=False)
