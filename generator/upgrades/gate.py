"""Stops a command before a change that Kubernetes would refuse, or that would leave data behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click
import yaml

from generator.checking import Checked
from generator.commands.arguments import report
from generator.diagnostics import Diagnostic, sort_unique
from generator.errors import EXIT_USER
from generator.generation import umbrella_values
from generator.upgrades import upgrade_diagnostics

HINT = "--allow-data-move goes on all the same"


def stop_at_data_moves(changes: Iterable[tuple[Mapping[str, Any], Checked]]) -> None:
    """Print what is wrong with each change from old values to a profile, and exit with 2 if anything is."""
    told = [
        Checked(checked.file, checked.text, checked.profile, sort_unique(found))
        for old, checked in changes
        if (found := _found(old, checked))
    ]
    if told:
        click.echo(report(told), err=True, nl=False)
        click.echo(HINT, err=True)
        raise click.exceptions.Exit(EXIT_USER)


def parsed_values(text: bytes) -> Mapping[str, Any]:
    """Values of a file; none of one that is no YAML mapping, as somebody else wrote it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = yaml.load(text, Loader=loader)
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, Mapping) else {}


def _found(old: Mapping[str, Any], checked: Checked) -> list[Diagnostic]:
    if checked.profile is None:
        return []
    new = umbrella_values(checked.profile)
    return list(upgrade_diagnostics(old, new, checked.profile, checked.file, checked.text))
