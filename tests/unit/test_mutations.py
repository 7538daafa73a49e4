"""Valid profiles with one thing broken: each gives a diagnostic on the right line, or is truly valid."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from generator.checking import Checked, check_bytes
from generator.diagnostics import Diagnostic
from generator.generation import profile_files
from generator.profile.loader import load
from generator.profile.yaml_document import Document, Node
from tests.conftest import ROOT

PROFILES = {path.stem: path.read_text() for path in sorted((ROOT / "profiles").glob("*.yaml"))}
PER_KIND = 60
WRONG = (
    "[]",
    "{}",
    "true",
    "-7",
    '"?"',
    "3.5",
    "null",
    "[[1]]",
    "{a: b}",
    "99999999999999999999",
    "no",
    '""',
)


@dataclass(frozen=True)
class Place:
    """A key and its value; lines count from 1, `parents` are the lines at which a loss may be reported."""

    path: tuple[str | int, ...]
    key: Node
    value: Node
    parents: frozenset[int]


@dataclass(frozen=True)
class Mutant:
    """Broken text, the lines on which the fault may be shown, and whether it can be valid after all."""

    text: str
    lines: frozenset[int]
    may_be_valid: bool


def _places(document: Document) -> list[Place]:
    return list(_below(document.root, (), frozenset({1})))


def _below(node: Node, path: tuple[str | int, ...], lines: frozenset[int]) -> Iterator[Place]:
    for name, entry in node.entries.items():
        yield Place((*path, name), entry.key, entry.value, lines)
        yield from _below(entry.value, (*path, name), frozenset({entry.key.start[0], entry.value.start[0]}))
    for index, item in enumerate(node.items):
        yield from _below(item, (*path, index), frozenset({item.start[0]}))


def _replace(text: str, start: tuple[int, int], end: tuple[int, int], new: str) -> str:
    lines = text.split("\n")
    first, last = start[0] - 1, end[0] - 1
    joined = lines[first][: start[1] - 1] + new + lines[last][end[1] - 1 :]
    return "\n".join([*lines[:first], joined, *lines[last + 1 :]])


def _typo(text: str, place: Place, rng: random.Random) -> Mutant:
    word = place.key.word
    at = rng.randrange(len(word))
    slips = (word[:at] + word[at + 1 :], word[:at] + "q" + word[at:], word[:at] + "q" + word[at + 1 :])
    new = rng.choice([slip for slip in slips if slip != word])
    free = any(step in ("labels", "groups", "classes", "volumes", "overrides") for step in place.path[:-1])
    lines = place.parents | {place.key.start[0]}
    return Mutant(_replace(text, place.key.start, place.key.end, new or "q"), lines, may_be_valid=free)


def _wrong_type(text: str, place: Place, rng: random.Random) -> Mutant:
    new = _replace(text, place.value.start, place.value.end, rng.choice(WRONG))
    return Mutant(new, place.parents | {place.key.start[0], place.value.start[0]}, may_be_valid=True)


def _wrong_reference(text: str, place: Place, rng: random.Random) -> Mutant:
    del rng
    new = _replace(text, place.value.start, place.value.end, "nowhere")
    return Mutant(new, frozenset({place.key.start[0]}), may_be_valid=place.path[-1] == "server")


def _deleted(text: str, place: Place, rng: random.Random) -> Mutant:
    """The value goes: `key:` stays, with nothing behind it."""
    del rng
    new = _replace(text, place.value.start, place.value.end, "")
    return Mutant(new, place.parents | {place.key.start[0], place.value.start[0]}, may_be_valid=True)


def _used_elsewhere(place: Place, checked: Checked) -> bool:
    """A name that changes is missed where it is used: those lines are right as well."""
    gone = (
        place.path[-1] in ("name", "volumes", "classes", "teams", "nodes", "groups")
        or "storage" in place.path
    )
    return gone or any(one.code in _ELSEWHERE or _names(one, place) for one in checked.errors)


_ELSEWHERE = ("SIZ101", "LAB101", "CLU101", "STO105")


def _names(one: Diagnostic, place: Place) -> bool:
    """Whether what is missed elsewhere is called by its key."""
    return str(place.path[-1]) in f"{one.message} {one.hint}"


def _assert_told(mutant: Mutant, place: Place) -> None:
    checked = check_bytes(mutant.text.encode(), "mutant.yaml")
    if checked.profile is not None:
        assert mutant.may_be_valid, mutant.text
        assert profile_files(checked.profile)
        return
    lines = {one.span.line for one in checked.errors} | {
        related.span.line for one in checked.errors for related in one.related
    }
    assert lines & mutant.lines or _used_elsewhere(place, checked), (sorted(lines), mutant.text)
    assert all(one.message and one.code for one in checked.errors)


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("kind", [_typo, _wrong_type, _deleted])
def test_one_broken_key_or_value_is_told_on_its_line(name: str, kind) -> None:  # type: ignore[no-untyped-def]
    text = PROFILES[name]
    document = load(name, text.encode()).tree
    assert document
    rng = random.Random(f"{name}-{kind.__name__}")
    places = _places(document)
    for _ in range(2 * PER_KIND):
        place = rng.choice(places)
        _assert_told(kind(text, place, rng), place)


def test_each_reference_that_leads_nowhere_is_told_on_its_line() -> None:
    for name, text in PROFILES.items():
        document = load(name, text.encode()).tree
        assert document
        for place in _places(document):
            if place.path[-1] in ("team", "volume", "default", "server") and isinstance(
                place.value.value, str
            ):
                _assert_told(_wrong_reference(text, place, random.Random(0)), place)


@pytest.mark.parametrize("name", PROFILES)
def test_garbage_bytes_never_crash_and_never_pass_as_something_else(name: str) -> None:
    rng = random.Random(name)
    data = PROFILES[name].encode()
    for _ in range(2 * PER_KIND):
        at = rng.randrange(len(data))
        garbage = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 6)))
        checked = check_bytes(data[:at] + garbage + data[at + rng.randrange(3) :], "mutant.yaml")
        assert checked.profile is not None or checked.errors
        if checked.profile is not None:
            assert profile_files(checked.profile)


def test_the_number_of_mutants() -> None:
    """3 profiles x 3 kinds x 120, and 3 x 120 of garbage: at least the 1,000 that we promise."""
    assert len(PROFILES) * 4 * 2 * PER_KIND >= 1000
