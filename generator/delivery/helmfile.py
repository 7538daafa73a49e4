"""helmfile.yaml: the base layer, the platform and node-prep for helmfile."""

from __future__ import annotations

from typing import Any

from generator.base.layer import Layer, Release
from generator.base.model import Chart, Objects, OwnChart
from generator.delivery.paths import base_folder, values_file

_KUBECTL = ["apply", "--server-side", "--force-conflicts"]
_ROOT = "../../.."


def helmfile_document(layer: Layer) -> dict[str, Any]:
    """One file: `needs` across several helmfiles are not reliable."""
    releases = [one for one in layer.releases if not isinstance(one.source, Objects)]
    return {
        "repositories": _repositories(layer),
        "helmDefaults": {
            "wait": True,
            "waitForJobs": True,
            "timeout": 600,
            # The namespaces have Pod Security labels, so they are applied before.
            "createNamespace": False,
        },
        "releases": [_release(layer, one) for one in releases],
    }


def _repositories(layer: Layer) -> list[dict[str, Any]]:
    found = {chart.repository: _repository(chart) for _, chart in layer.charts()}
    return sorted(found.values(), key=lambda one: str(one["name"]))


def repository_name(repository: str) -> str:
    """A name made from the address: the same in each profile."""
    host, _, path = repository.partition("://")[2].partition("/")
    return "-".join(part for part in (host, *path.split("/")) if part).replace(".", "-")


def _repository(chart: Chart) -> dict[str, Any]:
    name = repository_name(chart.repository)
    if chart.is_oci:
        return {"name": name, "url": chart.repository.removeprefix("oci://"), "oci": True}
    return {"name": name, "url": chart.repository}


def _release(layer: Layer, release: Release) -> dict[str, Any]:
    out: dict[str, Any] = {"name": release.name, "namespace": release.namespace.name}
    out |= _chart(release)
    path = values_file(layer.name, release)
    out["values"] = [f"{_ROOT}/{path}" if isinstance(release.source, OwnChart) else _beside(layer, path)]
    if needs := _release_needs(layer, release):
        out["needs"] = [f"{one.namespace.name}/{one.name}" for one in needs]
    if objects := _objects_before(layer, release):
        out["hooks"] = [_hook(one) for one in objects]
    if release.timeout != 600:
        out["timeout"] = release.timeout
    if isinstance(release.source, OwnChart):
        # Its custom resources are of kinds that the releases before bring: helm-diff would not know them.
        out["disableValidationOnInstall"] = True
    out["labels"] = {"wave": str(release.wave)}
    return out


def _chart(release: Release) -> dict[str, Any]:
    if isinstance(release.source, Chart):
        name = repository_name(release.source.repository)
        return {"chart": f"{name}/{release.source.name}", "version": release.source.version}
    assert isinstance(release.source, OwnChart)
    return {"chart": f"{_ROOT}/{release.source.path}"}


def _beside(layer: Layer, path: str) -> str:
    return path.removeprefix(f"{base_folder(layer.name)}/")


def _release_needs(layer: Layer, release: Release) -> list[Release]:
    """Releases of helm that come before; those of earlier waves too, so that the order is the plan's."""
    return [
        one
        for one in layer.releases
        if not isinstance(one.source, Objects)
        and (one.key in release.needs or one.wave == _wave_before(layer, release))
    ]


def _wave_before(layer: Layer, release: Release) -> int | None:
    waves = [
        one.wave for one in layer.releases if one.wave < release.wave and not isinstance(one.source, Objects)
    ]
    return max(waves, default=None)


def _objects_before(layer: Layer, release: Release) -> list[Release]:
    """Plain objects are no releases: kubectl applies them before the first releases that need them."""
    return [
        one
        for one in layer.releases
        if isinstance(one.source, Objects)
        and one.key in release.needs
        and release.wave == _first_wave(layer, one)
    ]


def _first_wave(layer: Layer, objects: Release) -> int:
    charts = [one for one in layer.releases if not isinstance(one.source, Objects)]
    return min(one.wave for one in charts if objects.key in one.needs)


def _hook(release: Release) -> dict[str, Any]:
    return {
        "events": ["preapply", "presync"],
        "showlogs": True,
        "command": "kubectl",
        "args": [
            *_KUBECTL,
            # helmfile does not tell hooks which cluster is meant; without the variable it is the current one.
            '--context={{ env "KUBE_CONTEXT" }}',
            "-k",
            f"objects/{release.key}",
        ],
    }
