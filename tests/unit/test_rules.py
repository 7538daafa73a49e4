"""Every code has a text, and every text's examples are true."""

from __future__ import annotations

import re

import pytest

from generator.checking import check_bytes
from generator.rules import RULES
from generator.rules.explain import explanation, known_codes

_BLOCK = re.compile(r"## (?P<kind>Wrong|Right)\n\n```yaml\n(?P<yaml>.*?)\n```", re.DOTALL)


def _examples(code: str) -> dict[str, bytes]:
    return {match["kind"]: match["yaml"].encode() for match in _BLOCK.finditer(explanation(code))}


WITH_EXAMPLES = [code for code in known_codes() if _examples(code)]


@pytest.mark.parametrize("code", WITH_EXAMPLES)
def test_the_wrong_example_gives_the_code_and_nothing_else(code: str) -> None:
    found = {one.code for one in check_bytes(_examples(code)["Wrong"], "x.yaml").diagnostics}
    assert found == {code}


@pytest.mark.parametrize("code", WITH_EXAMPLES)
def test_the_right_example_is_without_fault(code: str) -> None:
    checked = check_bytes(_examples(code)["Right"], "x.yaml")
    assert checked.diagnostics == ()
    assert checked.profile is not None


def test_every_rule_has_a_text_with_both_examples() -> None:
    assert {rule.code for rule in RULES} <= set(WITH_EXAMPLES)


def test_every_rule_has_a_code_of_its_own_and_a_module_of_its_own() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.check.__module__ for rule in RULES}) == len(RULES)


def test_a_fault_elsewhere_does_not_hide_or_move_the_findings_of_rules() -> None:
    data = b"""\
name: lab
nodes:
  - {name: broken, cpu: lots, memory: 1Gi}
  - {name: a, address: 10.0.0.1, role: control-plane, cpu: 8, memory: 32Gi}
  - {name: b, address: 10.0.0.1, cpu: 8, memory: 32Gi}
dask: {team: nobody, typo: 1}
"""
    found = [(one.span.line, one.code) for one in check_bytes(data, "x.yaml").diagnostics]
    assert (3, "S004") in found
    assert (5, "NET101") in found
    assert (6, "REF101") in found
    assert (6, "S001") in found


def test_a_name_that_is_defined_by_a_faulty_part_is_still_known() -> None:
    data = b"""\
name: lab
nodes: [{name: a, role: control-plane, cpu: 8, memory: 32Gi}]
teams: [{name: vision, quota: {cpu: lots}}]
dask: {team: vision}
"""
    assert [one.code for one in check_bytes(data, "x.yaml").diagnostics] == ["S004"]
