"""The TOML reader against Python's own, and edits that leave every other byte alone."""

from __future__ import annotations

import tomllib

import pytest
from agent.containerd import edit
from agent.containerd.toml import TomlError, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.agent.bed import HERE

FILES = sorted((HERE / "rootfs").glob("*/etc/containerd/**/*.toml"))
ODD = '''
# comment
a = 1 # after
"b c" = "tab\\t quote\\" \\u00e9"
'd.e' = 'raw\\t'
f.g = [1, 2.5, -3, 0x1F, true, [ "x", # inside
  'y' ], ]
long = """
first \\
   joined
second"""
raw = \'\'\'
one 'two'\'\'\'
inline = { x = 1, "y z" = { w = [] } }
big = 1_000
[t.'u.v'."w"]
k = false
[[list]]
n = 1
[[list]]
n = 2
[list.sub]
deep = 1e3
'''


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-4]}-{path.name}")
def test_real_files_read_like_tomllib(path: object) -> None:
    text = open(str(path), encoding="utf-8").read()  # noqa: PTH123, SIM115 - one line
    assert parse(text).values == tomllib.loads(text)


def test_odd_spellings_read_like_tomllib() -> None:
    assert parse(ODD).values == tomllib.loads(ODD)
    assert parse(ODD.replace("\n", "\r\n")).values == tomllib.loads(ODD.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a =",
        "a = 1 2",
        "a = 'x",
        "[a",
        "[a]\n[a]",
        "a = 1\na = 2",
        "a = [1",
        "a = 2020-01-01",
        "a = 1\n[a.b]",
        'a = "\\q"',
        "a = {b = 1",
        "= 1",
        "a = {b = 1}\n[a.b.c]\nx = 1",
        "a = '''x",
    ],
)
def test_broken_files_are_refused_with_the_line(text: str) -> None:
    with pytest.raises(TomlError, match=r"line \d+: "):
        parse(text)


PATHS = [path for file in FILES for path in parse(file.read_text()).spans]


@settings(max_examples=150, deadline=None)
@given(
    file=st.sampled_from(FILES),
    path=st.one_of(
        st.sampled_from(PATHS), st.lists(st.text("ab.'\" é", min_size=1), min_size=1, max_size=4).map(tuple)
    ),
    value=st.one_of(
        st.booleans(), st.integers(0, 99), st.text(max_size=8), st.lists(st.text(max_size=3), max_size=3)
    ),
)
def test_edit_changes_one_value_and_nothing_else(file: object, path: tuple[str, ...], value: object) -> None:
    text = open(str(file), encoding="utf-8").read()  # noqa: PTH123, SIM115 - one line
    try:
        changed = edit.set_value(text, path, value)
    except TomlError:
        return
    before, after = tomllib.loads(text), tomllib.loads(changed)
    target = after
    for key in path[:-1]:
        target = target[key]
    assert target[path[-1]] == value
    assert edit.set_value(changed, path, value) == changed, "a second edit changes nothing"
    kept = [line for line in text.splitlines() if line.strip().startswith("#")]
    assert [line for line in changed.splitlines() if line in kept] == kept or not kept
    del target[path[-1]]
    assert _pruned(after) == _pruned(_without(before, path))


def test_values_in_inline_tables_are_refused() -> None:
    with pytest.raises(TomlError, match="inline table"):
        edit.set_value("a = {b = 1}\n", ("a", "b"), 2)
    with pytest.raises(TomlError, match="inline table"):
        edit.set_value("a = {b = 1}\n", ("a", "c"), 2)


def _without(value: dict[str, object], path: tuple[str, ...]) -> dict[str, object]:
    target = value
    for key in path[:-1]:
        following = target.get(key)
        if not isinstance(following, dict):
            return value
        target = following
    target.pop(path[-1], None)
    return value


def _pruned(value: object) -> object:
    """Empty tables say nothing."""
    if not isinstance(value, dict):
        return value
    inner = {key: _pruned(item) for key, item in value.items()}
    return {key: item for key, item in inner.items() if item != {}}
