"""The generated files of the umbrella: its Chart.yaml, values, schema and README."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Annotated, Any

from generator.chartdocs.fields import MISSING, Key, keys_of
from generator.chartdocs.readme import readme
from generator.chartdocs.schema import DRAFT, Schema, draft07, prefixed, text
from generator.chartdocs.values_text import values_text
from generator.components.base import Component, Global
from generator.model import Model, doc
from generator.output.plan import FileSet, mark
from generator.output.yaml_text import dump

VERSION = "0.1.0"
"""Version of the umbrella chart; greater whenever what it renders, a subchart included, changed."""
KUBE_VERSION = ">=1.32.0-0"
"""No more than 1.32: helm 3.17 takes that for the version of a cluster that it does not ask."""
UMBRELLA = PurePosixPath("charts/umbrella")
DESCRIPTION = "The AI/ML platform of a team's own machines: one chart per part, each switched on by itself."
_SOURCE = "generator/components/__init__.py"


class _Shared(Model):
    """The umbrella's own keys."""

    global_: Annotated[Global, doc("Shared by all charts.", alias="global")] = Global()


def umbrella_files(components: Sequence[Component], versions: Mapping[str, str]) -> FileSet:
    """All generated files; `versions` are those of the subcharts' Chart.yaml, by name."""
    shared = draft07(_Shared)
    keys = keys_of(shared)
    head = [mark(_SOURCE), DESCRIPTION, "A profile's values, such as values/lab.yaml, go on top of these."]
    chart = _chart(components, versions)
    return {
        UMBRELLA / "Chart.yaml": f"# {mark(_SOURCE)}\n" + dump(chart),
        UMBRELLA / "Chart.lock": f"# {mark(_SOURCE)}\n" + dump(_lock(chart["dependencies"])),
        UMBRELLA / "values.yaml": values_text([*keys, *map(_toggle, components)], head),
        UMBRELLA / "values.schema.json": text(_schema(components, shared)),
        UMBRELLA / "README.md": readme(
            mark=mark(_SOURCE),
            name="umbrella",
            description=DESCRIPTION,
            keys=[*keys, *map(_toggle, components)],
            charts=components,
            umbrella=True,
        ),
    }


def _chart(components: Sequence[Component], versions: Mapping[str, str]) -> dict[str, Any]:
    # No repository: the subcharts stand in charts/, and any repository makes helm look for them elsewhere.
    return {
        "apiVersion": "v2",
        "name": "umbrella",
        "description": DESCRIPTION,
        "type": "application",
        "version": VERSION,
        "kubeVersion": KUBE_VERSION,
        "maintainers": [{"name": "labhelm"}],
        "dependencies": [
            {
                "name": component.name,
                "version": versions[component.name],
                "repository": "",
                "condition": f"{component.name}.enabled",
            }
            for component in components
        ],
    }


def _lock(dependencies: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Without it `helm dependency build` would write one, with the time of day in it.

    The digest is Helm's: over the JSON of what Chart.yaml asks for and what was found.
    """
    keys = ("name", "version", "repository")
    found = [{key: dependency[key] for key in keys} for dependency in dependencies]
    both = json.dumps([dependencies, found], separators=(",", ":"))
    digest = f"sha256:{hashlib.sha256(both.encode()).hexdigest()}"
    return {"dependencies": found, "digest": digest, "generated": "2026-01-01T00:00:00Z"}


def _toggle(component: Component) -> Key:
    path = f"{component.name}.enabled"
    switch = Key("enabled", path, "boolean", f"Render the chart {component.name}.", "", False, MISSING)
    where = f"{component.description} All keys: charts/{component.name}/values.yaml"
    return Key(component.name, component.name, "object", where, "", {}, MISSING, children=(switch,))


def _schema(components: Sequence[Component], shared: Schema) -> Schema:
    """Closed; a missing toggle would count as on, so each is required."""
    common = frozenset(shared["definitions"])
    definitions = dict(shared["definitions"])
    properties: dict[str, Any] = dict(shared["properties"])
    properties["tags"] = {
        "description": "Helm's own switches by tag; no chart here has one.",
        "type": "object",
        "additionalProperties": {"type": "boolean"},
    }
    for component in components:
        chart = prefixed(draft07(component.values), component.name, common)
        definitions |= {name: part for name, part in chart.pop("definitions").items() if name not in common}
        required = sorted({"enabled", *chart.get("required", ())})
        definitions[component.name] = {**chart, "description": component.description, "required": required}
        properties[component.name] = {"$ref": f"#/definitions/{component.name}"}
    return {
        "$comment": mark(_SOURCE),
        "$schema": DRAFT,
        "title": "umbrella",
        "description": DESCRIPTION,
        "type": "object",
        "additionalProperties": False,
        "required": [component.name for component in components],
        "properties": properties,
        "definitions": definitions,
    }
