"""The bench itself: both helms render, and a difference between them would be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.render.conftest import Template
from tests.render.helm_binary import Helm


@pytest.fixture
def tiny_chart(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: tiny\nversion: 0.1.0\n")
    (tmp_path / "values.yaml").write_text("text: a\n")
    (tmp_path / "templates/map.yaml").write_text(
        'kind: ConfigMap\nmetadata: {name: x}\ndata: {text: "{{ .Values.text }}"}\n'
    )
    return tmp_path


def test_values_and_set_reach_the_chart(tiny_chart: Path, template: Template) -> None:
    assert template(tiny_chart, {"text": "b"})[0]["data"]["text"] == "b"
    assert template(tiny_chart, {"text": "b"}, set=["text=c"])[0]["data"]["text"] == "c"
    assert template(tiny_chart, [{"text": "b"}, {"text": "d"}])[0]["data"]["text"] == "d"


def test_a_difference_between_the_helms_is_seen(tiny_chart: Path, template: Template) -> None:
    (tiny_chart / "templates/map.yaml").write_text("kind: {{ .Capabilities.HelmVersion.Version }}\n")
    with pytest.raises(AssertionError, match="differently"):
        template(tiny_chart)


def test_a_refusal_is_given_as_text(tiny_chart: Path, helm: Helm) -> None:
    (tiny_chart / "templates/no.yaml").write_text('{{ fail "never" }}\n')
    assert "never" in helm.refusal(tiny_chart)
