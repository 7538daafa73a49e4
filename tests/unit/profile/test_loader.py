"""Every fault of a file, at its place, and never an exception."""

import pytest

from generator.diagnostics import Severity
from generator.profile.loader import Loaded, load


def _load(text: str) -> Loaded:
    return load("p.yaml", text.encode())


def _found(text: str | bytes) -> list[tuple[str, int, int]]:
    data = text.encode() if isinstance(text, str) else text
    return [(d.code, d.span.line, d.span.column) for d in load("p.yaml", data).diagnostics]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("Y001", 1, 1)]),
        ("# only a comment\n", [("Y001", 1, 1)]),
        ("---\n", [("Y001", 1, 1)]),
        (b"\xff\xfea\0", [("Y002", 1, 1)]),
        (b"a\0:\0", [("Y002", 1, 1)]),
        (b"\xff\xfe\0\0a\0\0\0", [("Y002", 1, 1)]),
        (b"a: 1\nb: \xe9\n", [("Y002", 2, 4)]),
        (b"\xef\xbb\xbfname: lab\n", [("Y003", 1, 1)]),
        ("a: \x07\nb: \x00\n", [("Y004", 1, 4), ("Y004", 2, 4)]),
        ("a: \u202ex\n", [("Y004", 1, 4)]),
        ("a\u00a0b: x\n", [("Y004", 1, 1)]),
        ("a:\n\tb: c\n", [("Y006", 2, 1)]),
        ("a:\n  - b\n  \t- c: d: e\n", [("Y006", 3, 3)]),
        ("a: b: c\n", [("Y007", 1, 5)]),
        ("a: 'x\nb: c\n", [("Y007", 1, 4)]),
        ("a: 1\n---\nb: 2\n", [("Y008", 2, 1)]),
        ("a: 1\nb: {c: 1, c: 2}\na: 3\n", [("Y009", 2, 11), ("Y009", 3, 1)]),
        ("a: no\nb: [yes, y, Off]\n", [("Y010", 1, 4), ("Y010", 2, 5), ("Y010", 2, 10), ("Y010", 2, 13)]),
        ("on: 1\n", [("Y010", 1, 1)]),
        ("a: 2024-01-01\nb: 2024-01-01T10:00:00Z\n", [("Y012", 1, 4), ("Y012", 2, 4)]),
        ("1: a\n? [x]\n: b\n~: c\n", [("Y013", 1, 1), ("Y013", 2, 3), ("Y013", 4, 1)]),
        ("a: {{ x }}\n", [("Y013", 1, 5)]),
        ("a: &x 1\nb: *x\n", [("Y014", 1, 4)]),
        ("a: *x\n", [("Y014", 1, 4)]),
        ("a: {<<: {b: 1}}\n", [("Y014", 1, 5)]),
        ("a: " + "[" * 40, [("Y015", 1, 35)]),
        ("a: !!python/object:os.system x\n", [("Y016", 1, 4)]),
        ("a: .inf\nb: -.INF\nc: nan\n", [("Y017", 1, 4), ("Y017", 2, 4), ("Y017", 3, 4)]),
        ("- a\n", [("Y018", 1, 1)]),
        ("text\n", [("Y018", 1, 1)]),
    ],
)
def test_fault_at_its_place(text: str | bytes, expected: list[tuple[str, int, int]]) -> None:
    assert _found(text) == expected


@pytest.mark.parametrize(
    "word", ["12:30:45", "0o10", "010", "1e3", "1.5e+3", "1_000", "0x1f", "0b11", "12345678901234567890"]
)
def test_ambiguous_number_shows_the_quoted_form(word: str) -> None:
    (diagnostic,) = _load(f"a: {word}\n").diagnostics
    assert diagnostic.code == "Y011"
    assert f'"{word}"' in diagnostic.hint


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1),
        ("-3", -3),
        ("0", 0),
        ("1.5", 1.5),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ('"no"', "no"),
        ("'010'", "010"),
        ("192.168.1.1", "192.168.1.1"),
        ("10.244.0.0/16", "10.244.0.0/16"),
        ("64Gi", "64Gi"),
        ("500m", "500m"),
        ("Norway", "Norway"),
        ("fe80::1", "fe80::1"),
        ("1.34.2", "1.34.2"),
        ("[1, a]", [1, "a"]),
        ("|\n  x\n  y\n", "x\ny\n"),
        ("|\n  x\n  \ty\n", "x\n\ty\n"),
        ("a\u00e9 \u00b2", "a\u00e9 \u00b2"),
    ],
)
def test_plain_values(written: str, value: object) -> None:
    loaded = _load(f"a: {written}\n")
    assert loaded.diagnostics == ()
    assert loaded.tree
    assert loaded.tree.value == {"a": value}


def test_byte_order_mark_is_only_a_warning() -> None:
    loaded = load("p.yaml", b"\xef\xbb\xbfname: lab\n")
    assert loaded.tree
    assert loaded.tree.span(("name",)).column == 7
    assert [d.severity for d in loaded.diagnostics] == [Severity.WARNING]


def test_duplicate_key_points_back_and_keeps_the_first() -> None:
    loaded = _load("a: 1\nb: 2\na: 3\n")
    (diagnostic,) = loaded.diagnostics
    assert [(str(r.span), r.message) for r in diagnostic.related] == [("p.yaml:1:1", "first used here")]
    assert loaded.tree
    assert loaded.tree.value == {"a": 1, "b": 2}


def test_faults_before_a_syntax_error_are_reported_too() -> None:
    assert _found("a: no\na: 1\nb: c: d\n") == [("Y010", 1, 4), ("Y009", 2, 1), ("Y007", 3, 5)]


def test_same_tab_in_several_lines_is_one_fault() -> None:
    (diagnostic,) = _load("a:\n\tb: 1\n\tc: 2\n").diagnostics
    assert "in 2 lines" in diagnostic.message
    assert [r.span.line for r in diagnostic.related] == [3]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [x, y\nb: c\n", "bracket is not closed"),
        ("a: 1\n b: 2\n", "indented further"),
        ("a:\n  b: 1\n c: 2\n", "indentation does not fit"),
        ("a: @x\n", "cannot start with this character"),
        ("a: 'x'y\n", "something follows"),
        ("a: 1\nb\nc: 2\n", "without a colon"),
        ("a: - b\n", "list item"),
        ('a: "\\q"\n', "unknown escape"),
        ("a: > x\n", "line after | or >"),
    ],
)
def test_syntax_errors_in_plain_words(text: str, words: str) -> None:
    (diagnostic,) = _load(text).diagnostics
    assert diagnostic.code == "Y007"
    assert words in diagnostic.message
    assert diagnostic.hint


def test_value_of_a_secret_key_is_not_in_the_message() -> None:
    (diagnostic,) = _load("password: 0123456\n").diagnostics
    assert "0123456" not in diagnostic.message + diagnostic.hint


def test_every_diagnostic_has_a_hint_and_one_line() -> None:
    for text in ("", "a: no", "a: 1e3", "? [a]\n: 1", "a: &x 1", "a: !x 1", "- a", "a: 1\na: 2", "a: b: c"):
        for diagnostic in _load(text).diagnostics:
            assert diagnostic.hint
            assert "\n" not in diagnostic.message
