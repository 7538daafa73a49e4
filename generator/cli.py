"""The command `labhelm`: argument tree and exit codes, nothing else."""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path

import click

from generator import __version__
from generator.errors import EXIT_BUG, EXIT_INTERRUPTED, LabhelmError

COMMANDS = {
    "gen": "Turn profiles into values and charts' documents.",
    "check": "Tell what is wrong with profiles.",
    "explain": "Explain a diagnostic code, with examples.",
    "render": "Write plain manifests for kubectl.",
    "up": "Install a platform and wait until it runs.",
    "doctor": "Compare a cluster with its profile.",
    "adopt": "Take over what a cluster has already; data stays.",
    "down": "Remove a platform; data stays.",
    "kubectl": "Run kubectl in a local cluster.",
    "tools": "Bring the pinned tools.",
    "base": "Upstream charts: list, check, see what a version changes.",
    "images": "List every image and chart that is pulled.",
    "bundle": "Pack everything for a machine without network.",
    "machines": "Write scripts and configs that prepare the machines.",
}
"""Commands in the order of the help: name -> its line there. Each is a module of `generator.commands`."""


class LazyGroup(click.Group):
    """Imports a command only when it runs, so that every command starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"generator.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table itself: help must not import every command."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a guess when there is no such command."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from generator.diagnostics.suggest import did_you_mean

            guess = did_you_mean(args[0], tuple(COMMANDS))
            if not guess or "Did you mean" in error.message:
                raise
            raise click.UsageError(f"{error.message} Did you mean {guess}?", ctx) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="labhelm")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Folder of the project; the current one by default.",
)
@click.pass_context
def labhelm(ctx: click.Context, root: Path) -> None:
    """One short profile of your own GPU machines becomes a whole AI/ML platform, as plain Helm.

    Start with: labhelm check, labhelm gen, labhelm up lab --local
    """
    ctx.obj = root


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit: 0 fine, 1 a tool or cluster failed, 2 your input, 3 our bug."""
    try:
        sys.exit(labhelm.main(args, prog_name="labhelm", standalone_mode=False) or 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: nothing is half done, the same command goes on from here", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except LabhelmError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception:
        traceback.print_exc()
        click.echo("this is a bug of labhelm; please report it with the lines above", err=True)
        sys.exit(EXIT_BUG)
