"""Values that show what a chart can do: its defaults, what profiles make of it, and hand-written extremes."""

from __future__ import annotations

from typing import Any

import yaml

from generator.chartdocs.schema import draft07, resolve
from generator.components import COMPONENTS
from generator.components.base import Component
from generator.output.yaml_text import plain
from tests.render.helm_binary import ROOT
from tests.render.samples import ITEM, Sampler, map_item, switched_on, with_value

NAMES = [component.name for component in COMPONENTS]
PROFILES = sorted(path.stem for path in (ROOT / "values").glob("*.yaml"))
HAND_WRITTEN = ROOT / "tests/render/bases"


def component(name: str) -> Component:
    """The row of COMPONENTS."""
    return next(one for one in COMPONENTS if one.name == name)


def sampler(name: str) -> Sampler:
    """Makes values for a chart."""
    return Sampler(draft07(component(name).values))


def defaults(name: str) -> dict[str, Any]:
    """The chart's own values."""
    values = plain(component(name).values())
    assert isinstance(values, dict)
    return _full(sampler(name)) | values


def _full(makes: Sampler) -> dict[str, Any]:
    return {key: part["default"] for key, part in makes.schema["properties"].items() if "default" in part}


def bases(name: str) -> dict[str, dict[str, Any]]:
    """Whole values by a name that says where they come from; tests/render/bases/<chart>-*.yaml among them."""
    start = defaults(name)
    out = {}
    for profile in PROFILES:
        values = yaml.safe_load((ROOT / f"values/{profile}.yaml").read_text())
        shared = {"global": values.get("global", {})}
        out[f"profile {profile}"] = overlay(start, shared | values[name] | {"enabled": True})
        out[f"profile {profile}, switched on"] = switched_on(out[f"profile {profile}"])
    makes = sampler(name)
    out |= {"one of each": switched_on(_one_of_each(makes, start)), "defaults": start}
    for file in sorted(HAND_WRITTEN.glob(f"{name}-*.yaml")):
        out[file.stem] = overlay(start, yaml.safe_load(file.read_text()))
    return {base: overlay(values, {"global": {"customResources": "always"}}) for base, values in out.items()}


def _one_of_each(makes: Sampler, start: dict[str, Any]) -> dict[str, Any]:
    """The defaults and one item, as bare as allowed, in each map of sections."""
    for key, part in makes.schema["properties"].items():
        item = map_item(resolve(part, makes.schema["definitions"]))
        if item is not None and not start.get(key):
            start = with_value(makes, start, (key, ITEM), makes.least(item))
    return start


def overlay(below: Any, top: Any) -> Any:
    """Helm's way of laying values over others."""
    if not (isinstance(below, dict) and isinstance(top, dict)):
        return top
    return below | {key: overlay(below[key], value) if key in below else value for key, value in top.items()}
