"""The fast way and the slow way write the same bytes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from generator.delivery.files import base_files
from generator.output.yaml_lines import lines
from generator.output.yaml_text import dump
from tests.unit.base.samples import profiles


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"a": {}, "b": [], "c": "", "d": None, "e": True, "f": 1, "g": 1.5, "1": "1"},
        {"on": "off", "x": "a: b", "y": "- c", "z": "0x1f", "t": "12:30", "q": "'", "w": '"'},
        {"a": [{"b": [{"c": 1}, {"d": ["e", "f"]}]}, "g", {}, [], ["h", ["i"]]]},
        {"text": "one\ntwo\n", "deep": {"text": "one\n  two\n\nthree", "list": ["a\nb\n", {"k": "c\nd"}]}},
        {"true": True, "one": 1, "also": [True, 1, "true", "1"]},
    ],
)
def test_the_same_bytes(data: dict[str, Any]) -> None:
    assert lines(data) == dump(data)


def test_the_same_bytes_for_all_files_of_the_base_layer() -> None:
    compared = 0
    for name in ("all", "kubeflow"):
        for path, text in base_files(profiles()[name]).items():
            if path.endswith(".yaml"):
                for one in yaml.load_all(text, yaml.CSafeLoader):
                    assert lines(one) == dump(one), path
                    compared += 1
    assert compared > 80
