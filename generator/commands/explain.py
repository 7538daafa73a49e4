"""`labhelm explain CODE`: what a diagnostic means, with a wrong and a right example."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from generator.diagnostics.suggest import did_you_mean
from generator.errors import UserError
from generator.rules.explain import explanation, known_codes


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    del ctx, param
    return [CompletionItem(code) for code in known_codes() if code.startswith(incomplete.upper())]


@click.command(name="explain")
@click.argument("code", required=False, shell_complete=_complete)
def command(code: str | None) -> None:
    """Explain a diagnostic CODE with a wrong and a right example; without CODE, list all."""
    codes = known_codes()
    if code is None:
        for known, title in codes.items():
            click.echo(f"{known}  {title}")
        return
    if code.upper() not in codes:
        guess = did_you_mean(code.upper(), tuple(codes))
        raise UserError(
            f"there is no code {code!r}",
            hint=f"did you mean {guess}?" if guess else "labhelm explain lists all codes",
        )
    _show(explanation(code.upper()))


def _show(markdown: str) -> None:
    """Rendered on a terminal, as it is in a pipe."""
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console()
    if console.is_terminal:
        console.print(Markdown(markdown, code_theme="ansi_dark"))
    else:
        click.echo(markdown, nl=False)
