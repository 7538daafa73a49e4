"""Dashboards in a few words: panels with queries, laid out in rows, as Grafana's JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

COLUMNS = 24
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
SCHEMA = 39
"""Version of Grafana's dashboard JSON (Grafana 10 and later read it without a migration of panels)."""

Kind = Literal["timeseries", "stat", "bargauge", "table", "row"]
Json = dict[str, Any]


@dataclass(frozen=True)
class Query:
    """PromQL and the text that names each line; with `instant` only its newest values."""

    expr: str
    legend: str = ""
    instant: bool = False


@dataclass(frozen=True)
class Panel:
    """One panel; `width` of 24 columns. `limits` are a warning's and a critical value, as colours."""

    title: str
    queries: tuple[Query, ...]
    unit: str = "short"
    kind: Kind = "timeseries"
    width: int = 12
    height: int = 8
    text: str = ""
    stacked: bool = False
    limits: tuple[float, float] | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Variable:
    """A choice at the top of the dashboard: the values of a label."""

    name: str
    metric: str
    label: str = ""
    where: str = ""

    def query(self) -> str:
        """Grafana's own function; `where` narrows it by variables before it."""
        selector = f"{{{self.where}}}" if self.where else ""
        return f"label_values({self.metric}{selector}, {self.label or self.name})"


@dataclass(frozen=True)
class Dashboard:
    """A dashboard; `name` is its file and part of its uid."""

    name: str
    title: str
    text: str
    variables: tuple[Variable, ...]
    panels: tuple[Panel, ...]

    def json(self) -> Json:
        """What Grafana reads; the chart adds a uid of the release's own."""
        return {
            "title": self.title,
            "description": self.text,
            "tags": ["gpu", "labhelm"],
            "schemaVersion": SCHEMA,
            "editable": False,
            "graphTooltip": 1,
            "refresh": "30s",
            "time": {"from": "now-6h", "to": "now"},
            "links": [_others()],
            "templating": {"list": [_datasource(), *map(_variable, self.variables)]},
            "panels": _laid_out(self.panels),
        }


def _others() -> Json:
    return {"type": "dashboards", "title": "GPU", "tags": ["gpu", "labhelm"], "asDropdown": True,
            "keepTime": True, "includeVars": False}  # fmt: skip


def _datasource() -> Json:
    return {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}


def _variable(one: Variable) -> Json:
    return {
        "name": one.name,
        "type": "query",
        "datasource": DATASOURCE,
        "query": {"query": one.query(), "refId": one.name},
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": "All", "value": "$__all"},
    }


def _laid_out(panels: tuple[Panel, ...]) -> list[Json]:
    """From left to right; a panel that does not fit any more starts a new row."""
    out: list[Json] = []
    x = y = tallest = 0
    for number, panel in enumerate(panels, 1):
        if x + panel.width > COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        out.append(_panel(panel, number, {"x": x, "y": y, "w": panel.width, "h": panel.height}))
        x, tallest = x + panel.width, max(tallest, panel.height)
    return out


def _panel(panel: Panel, number: int, place: Json) -> Json:
    if panel.kind == "row":
        return {"id": number, "type": "row", "title": panel.title, "gridPos": place, "panels": []}
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.text,
        "datasource": DATASOURCE,
        "gridPos": place,
        "targets": [_target(query, letter) for query, letter in zip(panel.queries, "ABCDEFGH", strict=False)],
        "fieldConfig": {"defaults": _field(panel), "overrides": []},
        "options": _options(panel),
    }


def _target(query: Query, letter: str) -> Json:
    target: Json = {"refId": letter, "expr": query.expr, "legendFormat": query.legend or "__auto"}
    return target | ({"instant": True, "range": False} if query.instant else {"range": True})


def _field(panel: Panel) -> Json:
    field: Json = {"unit": panel.unit, "min": 0, "noValue": "-"}
    if panel.maximum is not None:
        field["max"] = panel.maximum
    if panel.limits:
        warning, critical = panel.limits
        steps = [(None, "green"), (warning, "orange"), (critical, "red")]
        field["thresholds"] = {
            "mode": "absolute",
            "steps": [{"value": value, "color": color} for value, color in steps],
        }
    if panel.kind == "timeseries":
        stacking = {"mode": "normal" if panel.stacked else "none", "group": "A"}
        field["custom"] = {"lineWidth": 1, "fillOpacity": 20 if panel.stacked else 5, "stacking": stacking}
    return field


def _options(panel: Panel) -> Json:
    if panel.kind == "timeseries":
        legend = {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]}
        return {"legend": legend, "tooltip": {"mode": "multi", "sort": "desc"}}
    if panel.kind == "table":
        return {"showHeader": True}
    calculation = {"calcs": ["lastNotNull"], "values": False}
    return {"reduceOptions": calculation, "orientation": "horizontal" if panel.kind == "bargauge" else "auto"}


def row(title: str) -> Panel:
    """A headline over the panels that follow."""
    return Panel(title, (), kind="row", width=COLUMNS, height=1)
