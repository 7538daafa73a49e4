"""Files made to hurt, and random ones: diagnostics in bounded time, never an exception."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from generator.diagnostics.reporters import REPORTERS
from generator.diagnostics.secrets import secret_diagnostics
from generator.profile.loader import MAX_DIAGNOSTICS, load
from generator.profile.yaml_source import source_text

_SECONDS = 2.0
"""CPU seconds of this process: wall time would depend on what else the machine does."""
_LAB = (Path(__file__).parents[3] / "profiles" / "lab.yaml").read_bytes()
_BITS = (
    b"\t",
    b": ",
    b"- ",
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"'",
    b"&a ",
    b"*a",
    b"!!x ",
    b"\n",
    b"|\n",
    b"\xff",
    b"---\n",
)


def _read(data: bytes) -> None:
    started = time.process_time()
    loaded = load("p.yaml", data)
    more = secret_diagnostics(loaded.tree) if loaded.tree else ()
    for reporter in REPORTERS.values():
        reporter((*loaded.diagnostics, *more), {"p.yaml": source_text(data)})
    assert loaded.tree is not None or loaded.diagnostics
    assert time.process_time() - started < _SECONDS


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 10_000_000,
        b"[" * (1 << 20),
        b"{" * (1 << 20),
        b"- " * (1 << 19),
        b"? " * (1 << 19),
        b"a: *a\n" * 150_000,
        b"no: no\n" * 140_000,
        b"\0" * (1 << 20),
        b'a: "' + b"-eyJ" * 200_000 + b'"',
        b"a: 1" + b"_" * 900_000 + b"x",
        b"a: " + b"9" * 1_000_000,
        b"a" * 1_000_000 + b": b: c",
        b"\t\n" * 400_000 + b"a: b: c",
        b"a: &a [x,x]\n" + b"".join(b"b%d: &b%d [*a,*a,*a,*a,*a,*a]\n" % (i, i) for i in range(5000)),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_hostile_file(data: bytes) -> None:
    _read(data)


def test_many_faults_are_counted_not_listed() -> None:
    diagnostics = load("p.yaml", b"".join(b"k%d: no\n" % i for i in range(5000))).diagnostics
    assert len(diagnostics) == MAX_DIAGNOSTICS + 1
    assert diagnostics[-1].code == "Y019"


@settings(max_examples=300, deadline=None)
@example(b"%TAG ! x\n--- !a\n")
@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    _read(data)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=" \t\n:-[]{}\"'&*!|>%@`#,?<=~abn019.eo_\u00e9\u2028", max_size=120))
def test_random_yaml_characters(text: str) -> None:
    _read(text.encode())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(_LAB)),
            st.integers(0, 20),
            st.one_of(st.sampled_from(_BITS), st.binary(max_size=4)),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_mutated_profile(changes: list[tuple[int, int, bytes]]) -> None:
    data = _LAB
    for at, cut, insert in changes:
        data = data[:at] + insert + data[at + cut :]
    _read(data)


def test_profile_loads_fast() -> None:
    load("p.yaml", _LAB)
    best = min(_seconds(_LAB) for _ in range(20))
    assert best < 0.02  # about 1 ms on an idle core; the bound leaves room for a busy machine


def _seconds(data: bytes) -> float:
    started = time.process_time()
    load("p.yaml", data)
    return time.process_time() - started
