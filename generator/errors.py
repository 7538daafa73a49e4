"""The two expected ways to fail, and their exit codes.

Anything else that escapes is a bug of ours: `cli.main` reports it with exit code 3.
"""

from __future__ import annotations

EXIT_COMMAND = 1
EXIT_USER = 2
EXIT_BUG = 3
EXIT_INTERRUPTED = 130


class LabhelmError(Exception):
    """An expected failure: `message` says what is wrong, `hint` what to do next."""

    exit_code = EXIT_COMMAND

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class UserError(LabhelmError):
    """The user's input is at fault (exit code 2)."""

    exit_code = EXIT_USER


class CommandError(LabhelmError):
    """A tool or a cluster failed (exit code 1).

    Carries the command as one could paste it into a shell and what it printed.
    """

    def __init__(self, message: str, *, command: str, output: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.command = command
        self.output = output

    def __str__(self) -> str:
        lines = [self.message, f"  command: {self.command}"]
        lines += [f"  | {line}" for line in self.output.rstrip().splitlines()]
        if self.hint:
            lines.append(f"  next: {self.hint}")
        return "\n".join(lines)
