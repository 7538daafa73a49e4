"""Which keys of the values the templates of a chart read, as far as their text tells.

Followed: `.Values.a.b` from any root, variables (`$w := .Values.worker`), `range` and `with`. What hangs on
something else (an argument of a named template, a dict built on the way) has an unknown place; its name alone
is compared then: with the keys of the model and the keys that the templates themselves put into dicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Place = tuple[str, ...] | None
"""Path below .Values; "*" for any item of a map or list; None when unknown."""

_ACTION = re.compile(r"\{\{-?\s*(/\*.*?\*/|(?:\"(?:\\.|[^\"\\])*\"|`[^`]*`|.)*?)\s*-?\}\}", re.DOTALL)
_TOKEN = re.compile(
    r'(?P<text>"(?:\\.|[^"\\])*"|`[^`]*`)|(?P<chain>(?:\$\w*)?(?:\.[A-Za-z_]\w*)+|\$\w*)|(?P<dot>\.(?!\w))'
    r"|(?P<assign>:?=)|(?P<word>[A-Za-z_]\w*)|(?P<sign>[(),|])|(?P<other>\S)"
)
_HELM = frozenset(
    re.findall(
        r"\w+",
        "Values Release Chart Capabilities Files Template Subcharts Name Namespace Service IsUpgrade "
        "IsInstall Revision Version AppVersion Description APIVersions KubeVersion Has Get Glob AsConfig",
    )
)
_BY_NAME = frozenset({"get", "hasKey", "dig", "index", "pluck"})
_MAKES = frozenset({"dict", "set"})


@dataclass(frozen=True)
class Read:
    """One reading: `place` is its full path below .Values, None when only `name` is known."""

    where: str
    place: Place
    name: str


@dataclass
class Reads:
    """What a chart's templates read and which keys of dicts they make themselves."""

    reads: list[Read] = field(default_factory=list)
    made: set[str] = field(default_factory=set)


def reads_of(chart: Path) -> Reads:
    """All reads of the chart's templates, its NOTES and helpers included."""
    found = Reads()
    for file in sorted((chart / "templates").rglob("*")):
        if file.suffix in (".yaml", ".tpl", ".txt"):
            _File(str(file.relative_to(chart)), found).scan(file.read_text())
    return found


@dataclass
class _File:
    name: str
    found: Reads
    dots: list[Place] = field(default_factory=list)
    variables: dict[str, Place] = field(default_factory=dict)
    line: int = 1

    def scan(self, text: str) -> None:
        self.dots = [None]
        for action in _ACTION.finditer(text):
            self.line = text.count("\n", 0, action.start()) + 1
            if not action[1].startswith("/*"):
                self._action(list(_tokens(action[1])))

    def _action(self, tokens: list[tuple[str, str]]) -> None:
        keyword = tokens[0][1] if tokens and tokens[0][0] == "word" else ""
        if keyword == "else":
            # The dot of `else` is the one outside; `else with` has its own, which is left unknown.
            self.dots[-1] = self.dots[-2] if len(self.dots) > 1 and tokens[1:] == [] else None
        self._names(tokens)
        value = self._value(tokens)
        if keyword == "end":
            self.dots.pop()
        elif keyword in ("if", "define", "block"):
            if keyword != "if":
                self.variables.clear()
            self.dots.append(self.dots[-1] if keyword == "if" else None)
        elif keyword in ("range", "with"):
            item = (*value, "*") if keyword == "range" and value is not None else value
            self._assign(tokens, item, loop=keyword == "range")
            self.dots.append(item)
        else:
            self._assign(tokens, value, loop=False)

    def _names(self, tokens: list[tuple[str, str]]) -> None:
        """Note each chain, and each text that names a key."""
        calls: list[str] = [""]
        for position, (kind, text) in enumerate(tokens):
            if text == "(":
                calls.append("")
            elif text == ")":
                calls = calls[:-1] or [""]
            elif text in ("|", ","):
                calls[-1] = ""
            elif kind == "word" and not calls[-1]:
                calls[-1] = text
            elif kind == "chain":
                before = tokens[position - 1][1] if position else ""
                self._note(text, unknown_root=before == ")")
            elif kind == "text" and calls[-1] in _BY_NAME | _MAKES:
                following = tokens[position + 1] if position + 1 < len(tokens) else ("", "")
                is_default = following[0] in ("chain", "dot") or following[1] == "("
                if calls[-1] != "dig" or not is_default:
                    self._text(text[1:-1], calls[-1])

    def _text(self, text: str, call: str) -> None:
        if call in _MAKES:
            self.found.made.add(text)
        elif re.fullmatch(r"[A-Za-z_]\w*", text):
            self.found.reads.append(Read(f"{self.name}:{self.line}", None, text))

    def _note(self, chain: str, *, unknown_root: bool) -> None:
        place = None if unknown_root and ".Values" not in chain else self._resolve(chain)
        where = f"{self.name}:{self.line}"
        if place:
            self.found.reads.append(Read(where, place, place[-1]))
        elif place is None:
            names = chain.lstrip("$").split(".")[1:]
            self.found.reads += [Read(where, None, name) for name in names if name not in _HELM]

    def _resolve(self, chain: str) -> Place:
        root, *names = chain.split(".")
        if "Values" in names:
            return tuple(names[names.index("Values") + 1 :])
        start = self.variables.get(root) if root else self.dots[-1]
        return None if start is None else (*start, *names)

    def _value(self, tokens: list[tuple[str, str]]) -> Place:
        """Place of an action that is nothing but one chain, or one chain with `| default ...`."""
        rest = [token for token in tokens if token[1] not in ("range", "with")]
        if any(kind == "assign" for kind, _ in rest):
            rest = rest[next(i for i, (kind, _) in enumerate(rest) if kind == "assign") + 1 :]
        if not rest or rest[0][0] not in ("chain", "dot"):
            return None
        if len(rest) > 1 and [text for _, text in rest[1:3]] != ["|", "default"]:
            return None
        return self.dots[-1] if rest[0][0] == "dot" else self._resolve(rest[0][1])

    def _assign(self, tokens: list[tuple[str, str]], value: Place, *, loop: bool) -> None:
        assign = next((i for i, (kind, _) in enumerate(tokens) if kind == "assign"), None)
        if assign is None:
            return
        targets = [text for kind, text in tokens[:assign] if kind == "chain"]
        for number, target in enumerate(targets):
            is_key = loop and len(targets) == 2 and number == 0
            known = self.variables.get(target, value) == value  # a second value: give up
            self.variables[target] = value if known and not is_key else None


def _tokens(action: str) -> Iterator[tuple[str, str]]:
    for token in _TOKEN.finditer(action):
        yield str(token.lastgroup), token[0]
