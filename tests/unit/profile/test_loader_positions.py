"""Where values and keys stand, and where a missing one is shown."""

import pytest

from generator.profile.loader import load
from generator.profile.yaml_document import Document, Path, path_text

_TEXT = """\
name: lab
nodes:
  - name: bonnie
    cpu: 12
  - {name: kitt, gpus: {count: 1}}
gpu:
teams: []
"""


def _document() -> Document:
    tree = load("p.yaml", _TEXT.encode()).tree
    assert tree
    return tree


@pytest.mark.parametrize(
    ("path", "key", "line", "column", "end_line", "end_column"),
    [
        (("name",), False, 1, 7, 1, 10),
        (("name",), True, 1, 1, 1, 5),
        (("nodes",), True, 2, 1, 2, 6),
        (("nodes", 0), False, 3, 5, 4, 12),
        (("nodes", 0), True, 3, 5, 4, 12),
        (("nodes", 0, "cpu"), False, 4, 10, 4, 12),
        (("nodes", 1, "gpus", "count"), False, 5, 32, 5, 33),
        (("gpu",), False, 6, 1, 6, 4),
        (("nodes", 1, "gpus", "product"), False, 5, 18, 5, 22),
        (("nodes", 0, "memory"), False, 3, 5, 4, 12),
        (("nodes", 7, "memory"), True, 2, 1, 2, 6),
        (("gpu", "driver", "version"), False, 6, 1, 6, 4),
        (("absent",), False, 1, 1, 7, 10),
        ((), False, 1, 1, 7, 10),
    ],
)
def test_span(path: Path, key: bool, line: int, column: int, end_line: int, end_column: int) -> None:
    span = _document().span(path, key=key)
    assert (span.line, span.column, span.end_line, span.end_column) == (line, column, end_line, end_column)


def test_word_is_what_was_written() -> None:
    tree = load("p.yaml", b"version: 1.30\n").tree
    assert tree
    assert (tree.value["version"], tree.word(("version",))) == (1.3, "1.30")


def test_columns_count_characters() -> None:
    tree = load("p.yaml", "a: {é😀: 1, b: 2}\n".encode()).tree
    assert tree
    assert tree.span(("a", "b")).column == 15


def test_path_text() -> None:
    assert path_text(("nodes", 1, "labels", "a.b/c")) == 'nodes[1].labels["a.b/c"]'
    assert path_text(()) == ""
