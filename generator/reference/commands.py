"""The page of all commands: the help texts as the terminal shows them."""

from __future__ import annotations

from generator.output.plan import mark


def commands_page() -> str:
    """Markdown with the help of `labhelm` and of each command, at 80 columns."""
    import click

    from generator.cli import COMMANDS, labhelm

    top = click.Context(labhelm, info_name="labhelm", terminal_width=80)
    parts = [
        f"<!-- {mark('generator/cli.py and generator/commands/')} -->\n# Commands\n\n"
        "Exit codes: 0 fine; 1 a tool or a cluster failed, or `gen --check` found differences; 2 your input; "
        "3 a bug of ours; 130 interrupted.\n\n"
        'Completion for the shell: `eval "$(_LABHELM_COMPLETE=bash_source labhelm)"` '
        "(or `zsh_source`, `fish_source`).\n",
        _block("labhelm", labhelm.get_help(top)),
    ]
    for name in COMMANDS:
        command = labhelm.get_command(top, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=top, terminal_width=80)
        parts.append(_block(f"labhelm {name}", command.get_help(context)))
    return "\n".join(parts)


def _block(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text}\n```\n"
