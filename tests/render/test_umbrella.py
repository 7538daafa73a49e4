"""The umbrella: from a bare copy, offline, with both helms; its toggles, schemas, notes."""

from __future__ import annotations

import filecmp
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.chartdocs import charts_files
from generator.components import COMPONENTS
from generator.output.plan import make_plan
from generator.output.writer import describe, read_present
from generator.output.yaml_text import dump
from tests.render.bases import NAMES, PROFILES, bases, sampler
from tests.render.conftest import Template
from tests.render.helm_binary import ROOT, UMBRELLA, Helm, documents
from tests.render.samples import leaves, lookup, model_path, with_value
from tests.render.variants import render_variants

VALUES = [ROOT / f"values/{name}.yaml" for name in PROFILES]
ON = {name: {"enabled": True} for name in NAMES}


def schema_of(chart: Path) -> dict[str, Any]:
    schema = json.loads((chart / "values.schema.json").read_text())
    assert isinstance(schema, dict)
    return schema


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every subschema."""
    if isinstance(schema, dict):
        yield schema
        for key, below in schema.items():
            if key not in ("default", "examples", "enum", "const"):
                yield from parts(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from parts(below)


CHARTS = [UMBRELLA, *(UMBRELLA / "charts" / name for name in NAMES)]
each_chart = pytest.mark.parametrize("chart", CHARTS, ids=lambda path: path.name)
each_profile = pytest.mark.parametrize("values", VALUES, ids=lambda path: path.stem)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request would go to a proxy that is not there."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


@each_profile
def test_every_profile_renders_the_same_with_both_helms(values: Path, template: Template) -> None:
    assert template("umbrella", values)


@each_profile
def test_a_bare_copy_renders_offline_and_dependency_build_changes_nothing(
    values: Path, helm: Helm, tmp_path: Path, offline: None
) -> None:
    copy = tmp_path / "charts/umbrella"
    shutil.copytree(UMBRELLA, copy)
    before = helm.render(UMBRELLA, values).stdout
    assert helm.render(copy, values).stdout == before
    helm.run("dependency", "build", copy)
    assert same_tree(filecmp.dircmp(UMBRELLA, copy))
    assert helm.render(copy, values).stdout == before


def same_tree(compared: filecmp.dircmp[str]) -> bool:
    differing = compared.left_only + compared.right_only + compared.diff_files + compared.funny_files
    return not differing and all(same_tree(below) for below in compared.subdirs.values())


def test_the_defaults_render_nothing(template: Template) -> None:
    assert template("umbrella") == []


@pytest.mark.parametrize("name", NAMES)
def test_a_toggle_turns_its_chart_on_and_off(name: str, helms: dict[str, Helm]) -> None:
    helm = helms["helm4"]
    source = f"# Source: umbrella/charts/{name}/"
    outputs = [helm.render("umbrella", values, set=[f"{name}.enabled=true"]).stdout for values in VALUES]
    assert any(source in text for text in outputs)
    for values in VALUES:
        assert source not in helm.render("umbrella", values, set=[f"{name}.enabled=false"]).stdout


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrong", ['"false"', "maybe", "0", "{}", "[]"])
def test_a_toggle_is_a_boolean(name: str, wrong: str, helm: Helm, tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(f"{name}:\n  enabled: {wrong}\n")
    said = helm.refusal("umbrella", file)
    assert "enabled" in said or f"/{name}" in said


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_toggle_is_refused(name: str, helm: Helm, tmp_path: Path) -> None:
    """Helm would take it for true."""
    file = tmp_path / "values.yaml"
    file.write_text(f"{name}:\n  enabled: null\n")
    assert "enabled" in helm.refusal("umbrella", file)


@each_chart
def test_schemas_are_closed_and_stand_alone(chart: Path) -> None:
    schema = schema_of(chart)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert {"global"} <= schema["properties"].keys()
    for part in parts(schema):
        if isinstance(part.get("properties"), dict) and "type" in part:
            assert part["additionalProperties"] is False
        if isinstance(part.get("patternProperties"), dict):
            assert part["additionalProperties"] is False
        assert str(part.get("$ref", "#/definitions/")).startswith("#/definitions/")
        assert part.get("type") != "null"
        assert "null" not in (part.get("type") or ())


@each_chart
def test_every_key_has_a_description(chart: Path) -> None:
    for part in parts(schema_of(chart)):
        for key, below in part.get("properties", {}).items() if "type" in part else ():
            if isinstance(below, dict) and "$ref" not in below:
                assert below.get("description"), key


@each_chart
def test_defaults_are_valid_and_hold_no_null(chart: Path) -> None:
    from jsonschema import Draft7Validator

    values = yaml.safe_load((chart / "values.yaml").read_text())
    validator = Draft7Validator(schema_of(chart))
    toggles = "required property" if chart == UMBRELLA else None
    errors = [error.message for error in validator.iter_errors(values)]
    assert [error for error in errors if not (toggles and toggles in error)] == []
    assert "null" not in json.dumps(values)


def test_the_umbrella_knows_each_chart_by_version_and_toggle() -> None:
    meta = yaml.safe_load((UMBRELLA / "Chart.yaml").read_text())
    listed = {entry["name"]: entry for entry in meta["dependencies"]}
    assert sorted(listed) == sorted(path.name for path in (UMBRELLA / "charts").iterdir())
    for name, entry in listed.items():
        own = yaml.safe_load((UMBRELLA / "charts" / name / "Chart.yaml").read_text())
        assert entry["version"] == own["version"]
        assert entry["repository"] == ""
        assert entry["condition"] == f"{name}.enabled"
    assert set(schema_of(UMBRELLA)["required"]) == set(listed)


@each_chart
def test_every_helm_we_support_takes_the_chart_without_asking_a_cluster(chart: Path) -> None:
    """Helm 3.17 takes 1.32 for the version of the cluster that it does not ask."""
    assert yaml.safe_load((chart / "Chart.yaml").read_text())["kubeVersion"] == ">=1.32.0-0"


@each_profile
def test_values_are_one_document_without_null(values: Path) -> None:
    loaded = list(yaml.safe_load_all(values.read_text()))
    assert len(loaded) == 1
    assert "null" not in json.dumps(loaded)
    assert {name for name in loaded[0] if "enabled" in loaded[0][name]} == set(NAMES)


def test_each_global_key_is_read_by_some_chart(helms: dict[str, Helm], tmp_path: Path) -> None:
    unread: set[str] = set()
    for number, name in enumerate(NAMES):
        makes = sampler(name)
        idle = None
        for values in bases(name).values():
            base = values | {"global": values["global"] | {"imagePullSecrets": [], "imageRegistry": ""}}
            variants = {"base": base}
            for path, part in leaves(makes, base):
                if path[0] == "global" and path[1] != "customResources":
                    other = next(makes.others(part, lookup(base, path)))
                    variants[model_path(path, makes.schema)] = with_value(makes, base, path, other)
            texts = render_variants(helms["helm4"], UMBRELLA / "charts" / name, variants, tmp_path)
            same = {key for key, text in texts.items() if key != "base" and text == texts["base"]}
            idle = same if idle is None else idle & same
        unread = (idle or set()) if number == 0 else unread & (idle or set())
    # The build label waits for the chart that builds images.
    assert unread <= {"global.nodeLabels.build.key", "global.nodeLabels.build.value"}


NOTES_AS_OBJECT = 'kind: Notes\nmetadata: {name: notes}\ntext: {{ include "test.notes" . | toJson }}\n'


def notes(helm: Helm, values: Path, folder: Path, *options: str) -> str:
    """NOTES.txt as it renders.

    `helm template` does not show it, and helm 3 does not even pretend to install without a cluster: a copy of
    the chart has it as an object, in a file that is rendered as late as NOTES.txt.
    """
    copy = folder / "chart"
    shutil.copytree(UMBRELLA, copy)
    text = (copy / "templates/NOTES.txt").read_text()
    (copy / "templates/_test.tpl").write_text(f'{{{{- define "test.notes" -}}}}{text}{{{{- end -}}}}')
    (copy / "templates/NOTES.yaml").write_text(NOTES_AS_OBJECT)
    return str(next(d for d in helm.template(copy, values, set=options) if d["kind"] == "Notes")["text"])


def test_notes_are_shown_on_install(helms: dict[str, Helm], tmp_path: Path) -> None:
    result = helms["helm4"].run(
        "install", "platform", UMBRELLA, "-f", VALUES[0], "-n", "platform", "--dry-run=client"
    )
    assert (
        result.stdout.partition("NOTES:\n")[2].strip() == notes(helms["helm4"], VALUES[0], tmp_path).strip()
    )


def file_of(values: dict[str, Any], folder: Path) -> Path:
    (folder / "values.yaml").write_text(dump(values))
    return folder / "values.yaml"


@each_profile
def test_notes_have_a_section_for_each_chart_that_is_on(values: Path, helm: Helm, tmp_path: Path) -> None:
    said = notes(helm, values, tmp_path)
    loaded = yaml.safe_load(values.read_text())
    for name in NAMES:
        assert (f"\n[{name}]\n" in said) is loaded[name]["enabled"]


def test_notes_of_an_empty_install_say_what_to_do(helm: Helm, tmp_path: Path) -> None:
    assert "-f values/lab.yaml" in notes(helm, file_of({}, tmp_path), tmp_path)


def test_notes_list_each_custom_resource_left_out_and_what_brings_it(helm: Helm, tmp_path: Path) -> None:
    """The list is the difference between `always` and `auto`, resource by resource."""
    values = {"dask": {"enabled": True, "metrics": {"enabled": True}}}
    said = notes(helm, file_of(values, tmp_path), tmp_path)
    every = helm.template("umbrella", values, set=["global.customResources=always"])
    some = helm.template("umbrella", values)
    left_out = {(d["apiVersion"], d["kind"]) for d in every} - {(d["apiVersion"], d["kind"]) for d in some}
    assert left_out
    for version, kind in left_out:
        assert f"  {version}/{kind} of dask\n" in said
    assert "brought by: helm upgrade --install kube-prometheus-stack " in said


@pytest.mark.parametrize("wish", ["always", "never"])
def test_notes_list_nothing_when_the_user_decided(wish: str, helm: Helm, tmp_path: Path) -> None:
    values = {"dask": {"enabled": True, "metrics": {"enabled": True}}}
    assert "Left out" not in notes(
        helm, file_of(values, tmp_path), tmp_path, f"global.customResources={wish}"
    )


def test_generated_files_are_as_the_models_make_them() -> None:
    wanted = charts_files(COMPONENTS, ROOT)
    assert describe(make_plan(wanted, read_present(ROOT, wanted))) == ""


def test_long_names_stay_within_the_limit_and_apart(helm: Helm) -> None:
    values = {"workerGroups": {f"{'group-' * 7}{letter}": {"replicas": 1} for letter in "ab"}}
    release = "a-release-with-the-longest-name-that-helm-ever-takes"
    made = documents(helm.render("dask", values, release=release).stdout)
    names = [d["metadata"]["name"] for d in made if d["kind"] == "Deployment"]
    assert len(set(names)) == len(names) == 5
    assert all(len(name) <= 63 for name in names)
