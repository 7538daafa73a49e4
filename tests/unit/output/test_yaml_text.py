"""YAML text: every reader gets the value back, ct's linter is content, values are short and never null."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from yamllint import linter  # type: ignore[import-untyped]
from yamllint.config import YamlLintConfig  # type: ignore[import-untyped]

from generator.components.base import ChartValues
from generator.model import Model, doc
from generator.output.yaml_text import dump, dump_values, plain, scalar
from tests.render.helm_binary import find_helm

ROOT = Path(__file__).resolve().parents[3]
LINT = YamlLintConfig(file=str(ROOT / "ci/lintconf.yaml"))

# Words that some YAML reads as something else than text, and signs that end or start something in YAML.
WORDS = """
    y n Y N yes No ON off true False null Null ~ = << .inf -.INF .nan NaN inf 0 01 0o17 0x1F 0b11
    1_000 +1 -1 1. +1 -1 1. 1.50 .5 -.5 1e3 1E-5 +1.e5 12:30 12:30:45.5 190:20:30 2001-01-31
    2001-1-31T10:00:00Z 500m 64Gi 1.2.3 192.168.11.10 10.244.0.0/16 a:b *a &a !a %a @a `a ?a -a ---
    ... {a} [a] a,b | > # tag:yaml.org,2002:str
"""
TRICKY = [
    *WORDS.split(),
    "", " ", "a ", " a", "a: b", "a #b", "- a", "? a", ": a", "a\nb", "a\nb\n", "a\n\n", "\na", "  a\nb",
    "a \nb", "tab\there", "\tx", "it's", 'say "x"', "\\", "ä€😀", "\u2028", "\x85", "\x00", "\x7f", "\ufeffx",
    "\r\n", "a\rb", "x" * 300, "word " * 60, "2001-01-31 10:00:00", "#", "'", '"', "$(x)", "{{ .x }}",
]  # fmt: skip


def faults(text: str) -> list[str]:
    return [str(problem) for problem in linter.run(text, LINT)]


@pytest.mark.parametrize("text", TRICKY)
def test_text_stays_text_for_yaml_1_1(text: str) -> None:
    written = dump({"key": text, "list": [text], text: {"below": text}})
    assert yaml.safe_load(written) == {"key": text, "list": [text], text: {"below": text}}


@pytest.mark.parametrize("name", ["helm4", "helm3"])
def test_text_stays_text_for_helm(name: str, tmp_path: Path) -> None:
    """Helm's own parser, in real helm: what it read comes back as JSON."""
    wanted = {"texts": [text for text in TRICKY if text.isprintable() or "\n" in text]}
    (tmp_path / "chart/templates").mkdir(parents=True)
    (tmp_path / "chart/Chart.yaml").write_text("apiVersion: v2\nname: x\nversion: 0.1.0\n")
    (tmp_path / "chart/templates/x.yaml").write_text("got: {{ .Values | toJson | quote }}\n")
    (tmp_path / "values.yaml").write_text(dump(wanted))
    helm = find_helm(name, tmp_path / "home")
    out = helm.run("template", "x", tmp_path / "chart", "-f", tmp_path / "values.yaml").stdout
    assert json.loads(yaml.safe_load(out)["got"])["texts"] == wanted["texts"]


def test_common_texts_are_not_quoted() -> None:
    for text in ("500m", "64Gi", "192.168.11.10", "nvidia.com/gpu", "ReadWriteMany", "1.2.3", "/data", "a b"):
        assert scalar(text) == text


JSON = st.recursive(
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(), JSON))
def test_everything_comes_back_and_passes_the_linter(data: dict[str, Any]) -> None:
    written = dump(data)
    assert yaml.safe_load(written) == data
    assert written.endswith("\n")
    if data:
        assert faults(written) == []


def test_numbers_and_booleans_are_plain() -> None:
    assert dump({"a": 1, "b": 0.5, "c": True, "d": [], "e": {}}) == "a: 1\nb: 0.5\nc: true\nd: []\ne: {}\n"


def test_long_text_is_not_folded() -> None:
    assert dump({"a": "word " * 60 + "end"}).count("\n") == 1


class Resources(Model):
    cpu: Annotated[str, doc("x")] = "1"
    memory: Annotated[str, doc("x")] = "1Gi"


class Group(Model):
    must: Annotated[str, doc("x")]
    replicas: Annotated[int, doc("x")] = 1
    pod_labels: Annotated[dict[str, str], doc("x")] = {}


class Values(ChartValues):
    worker: Annotated[Resources, doc("x")] = Resources(cpu="2")
    groups: Annotated[dict[str, Group], doc("x")] = {}
    paths: Annotated[list[str], doc("x")] = ["/a"]
    named: Annotated[dict[str, Resources], doc("x")] = {"kept": Resources()}
    pod_cidr: Annotated[str, doc("x", alias="podCIDR")] = ""
    size: Annotated[float, doc("x")] = 0.0


def test_defaults_are_left_out_but_the_toggle() -> None:
    assert dump_values(Values()) == {"enabled": True}
    assert dump_values(Values(enabled=False)) == {"enabled": False}


def test_fixed_sections_are_compared_with_the_charts_default() -> None:
    assert dump_values(Values(worker=Resources()))["worker"] == {"cpu": "1"}
    assert "worker" not in dump_values(Values(worker=Resources(cpu="2", memory="1Gi")))


def test_the_toggle_stands_first() -> None:
    assert list(dump_values(Values(pod_cidr="x", size=1.5))) == ["enabled", "podCIDR", "size"]


def test_items_of_maps_keep_what_was_set() -> None:
    values = Values(groups={"gpu": Group(must="x"), "cpu": Group(must="y", replicas=1, pod_labels={})})
    assert dump_values(values)["groups"] == {
        "gpu": {"must": "x"},
        "cpu": {"must": "y", "replicas": 1, "podLabels": {}},
    }


def test_lists_are_whole() -> None:
    assert dump_values(Values(paths=["/a", "/b"]))["paths"] == ["/a", "/b"]
    assert dump_values(Values(paths=[]))["paths"] == []


def test_a_default_map_is_merged_as_helm_does() -> None:
    values = Values(named={"kept": Resources(), "more": Resources(cpu="3")})
    assert dump_values(values)["named"] == {"more": {"cpu": "3"}}
    with pytest.raises(ValueError, match="Helm merges maps"):
        dump_values(Values(named={}))


def test_null_is_refused_and_so_is_what_yaml_has_no_form_of() -> None:
    with pytest.raises(ValueError, match=r"values\.a: values hold no null"):
        plain({"a": None})
    with pytest.raises(TypeError, match="Path"):
        plain({"a": Path("x")})
    assert math.isclose(plain(0.1), 0.1)


def test_helm_puts_the_defaults_back() -> None:
    """What is left out and the defaults together are the values again, by Helm's merge rule."""
    values = Values(worker=Resources(memory="9Gi"), groups={"a": Group(must="x", replicas=0)}, paths=["/b"])
    assert Values.model_validate(overlay(plain(Values.model_construct()), dump_values(values))) == values


def overlay(base: Any, top: Any) -> Any:
    if not (isinstance(base, dict) and isinstance(top, dict)):
        return top
    return base | {key: overlay(base[key], value) if key in base else value for key, value in top.items()}
