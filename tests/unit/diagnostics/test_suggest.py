"""Did you mean."""

import pytest

from generator.diagnostics.suggest import did_you_mean

_KEYS = ("name", "address", "gpus", "podCIDR", "control-plane", "nfs")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("adress", "address"),
        ("pod_cidr", "podCIDR"),
        ("ControlPlane", "control-plane"),
        ("master", "control-plane"),
        ("gpu", "gpus"),
        ("nsf", "nfs"),
        ("ip", "address"),
        ("zebra", ""),
        ("", ""),
        ("x" * 1000, ""),
    ],
)
def test_did_you_mean(word: str, expected: str) -> None:
    assert did_you_mean(word, _KEYS) == expected


def test_synonyms_can_be_given_and_need_a_candidate() -> None:
    assert did_you_mean("boss", _KEYS, {"boss": "control-plane"}) == "control-plane"
    assert did_you_mean("boss", _KEYS, {"boss": "absent"}) == ""
