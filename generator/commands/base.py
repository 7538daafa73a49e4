"""`labhelm base`: the catalogue of upstream charts, and whether our values fit theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import yaml

from generator.base import CATALOGUE
from generator.base.bump import Bump, compare
from generator.base.guard import faults
from generator.base.layer import Layer, layer_of
from generator.base.model import Chart, Entry
from generator.cluster.runner import SystemRunner
from generator.commands.arguments import many_profiles, read_profiles, valid_profiles
from generator.diagnostics.suggest import did_you_mean
from generator.errors import UserError
from generator.project import Project, find_project
from generator.toolchain import ensure
from generator.toolchain.progress import RichProgress

_SHOWN = 40


@click.group(name="base")
def command() -> None:
    """Upstream charts: list them, check values, see what a version changes.

    \b
    labhelm base list [PROFILE]...
    labhelm base check [PROFILE]... [--defaults DIR]
    labhelm base bump CHART VERSION [--values-file OLD NEW]
    """


@command.command(name="list")
@many_profiles
@click.pass_obj
def list_command(root: Path, profiles: tuple[str, ...]) -> None:
    """Charts with their pins: the catalogue, or what profiles use of it."""
    if profiles:
        for layer in _layers(find_project(root), profiles):
            for release, chart in layer.charts():
                click.echo(f"{layer.name:16} {release.key:26} {chart.version:12} {chart.reference}")
        return
    for entry in CATALOGUE:
        if isinstance(entry.source, Chart):
            source = entry.source
            click.echo(f"{entry.name:26} {source.version:12} {entry.licence:14} {source.reference}")


@command.command(name="check")
@many_profiles
@click.option(
    "--defaults",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with default values files, CHART-VERSION.values.yaml; else helm asks the network.",
)
@click.pass_obj
def check_command(root: Path, profiles: tuple[str, ...], defaults: Path | None) -> int:
    """Is each key path of our values one that the upstream's chart knows?"""
    found = 0
    known: dict[Chart, dict[str, Any] | None] = {}
    for layer in _layers(find_project(root), profiles):
        for release, chart in layer.charts():
            if chart not in known:
                known[chart] = _defaults(chart, release.defaults, defaults)
            values = known[chart]
            if values is None:
                click.echo(f"{layer.name}: {release.key}: no default values at hand, not checked", err=True)
                continue
            for fault in faults(release.values, values, release.optional):
                click.echo(f"{layer.name}: {release.key}: {fault}")
                found += 1
    return 1 if found else 0


@command.command(name="bump")
@click.argument("chart")
@click.argument("version")
@click.option(
    "--values-file",
    "files",
    nargs=2,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="OLD NEW",
    help="Default values of both versions; else helm asks the network.",
)
@click.pass_obj
def bump_command(root: Path, chart: str, version: str, files: tuple[Path, Path] | None) -> int:
    """What would VERSION of CHART change? Exits with 1 when values of ours would be lost.

    Names keys that are gone or renamed, new ones, other defaults, and the
    profiles that set a key which the new version does not know.
    """
    entry = _entry(chart)
    assert isinstance(entry.source, Chart)
    old, new = files or (None, None)
    source = entry.source
    difference = compare(_read(old) if old else _show(source), _read(new) if new else _show(source, version))
    click.echo(f"{chart}: {source.version} -> {version}")
    _print(difference)
    broken = _broken(find_project(root), chart, difference)
    for line in broken:
        click.echo(line)
    click.echo("values of ours would be lost" if broken else "none of our values is lost")
    return 1 if broken else 0


def _layers(project: Project, names: tuple[str, ...]) -> list[Layer]:
    return [layer_of(profile) for profile in valid_profiles(read_profiles(project, names))]


def _entry(name: str) -> Entry:
    charts = {entry.name: entry for entry in CATALOGUE if isinstance(entry.source, Chart)}
    if name in charts:
        return charts[name]
    guess = did_you_mean(name, tuple(charts))
    hint = f"did you mean {guess}?" if guess else f"known: {', '.join(sorted(charts))}"
    raise UserError(f"there is no chart {name!r} in the base layer", hint=hint)


def _defaults(chart: Chart, file: str, folder: Path | None) -> dict[str, Any] | None:
    if folder is None:
        return _show(chart)
    names = (file, f"{chart.name}-{chart.version}.values.yaml")
    found = next((folder / name for name in names if name and (folder / name).is_file()), None)
    return _read(found) if found else None


def _show(chart: Chart, version: str = "") -> dict[str, Any]:
    """The chart's default values, by helm and the network."""
    runner = SystemRunner()
    helm = ensure("helm4", runner=runner, progress=RichProgress())
    where = (chart.reference,) if chart.is_oci else (chart.name, "--repo", chart.repository)
    argv = (str(helm), "show", "values", *where, "--version", version or chart.version)
    hint = "without network: give both files with --values-file, or a folder with --defaults"
    return _mapping(runner.run(argv, timeout=120, hint=hint).stdout, chart.name)


def _read(path: Path) -> dict[str, Any]:
    return _mapping(path.read_text(), str(path))


def _mapping(text: str, name: str) -> dict[str, Any]:
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UserError(f"{name} is no YAML: {error}") from error
    if not isinstance(value, dict):
        raise UserError(f"{name} holds no values", hint="give the values.yaml of a chart")
    return value


def _print(difference: Bump) -> None:
    lines = [f"  gone     {'.'.join(path)}" for path in difference.removed]
    lines += [f"  renamed  {'.'.join(one)} -> {'.'.join(to)}" for one, to in difference.renamed.items()]
    lines += [f"  default  {'.'.join(p)}: {a!r} -> {b!r}" for p, (a, b) in difference.changed.items()]
    lines += [f"  new      {'.'.join(path)}" for path in difference.added]
    for line in lines[:_SHOWN] if len(lines) > _SHOWN * 5 else lines:
        click.echo(line)
    if len(lines) > _SHOWN * 5:
        click.echo(f"  ... and {len(lines) - _SHOWN} more")


def _broken(project: Project, chart: str, difference: Bump) -> list[str]:
    return [
        f"  lost     {layer.name} sets {'.'.join(path)}"
        for layer in _layers(project, ())
        for release, _ in layer.charts()
        if release.key == chart
        for path in difference.broken(release.values)
    ]
