"""One set of diagnostics in every format."""

import json
from collections.abc import Mapping

import pytest

from generator.diagnostics import Diagnostic, Related, Severity, Span
from generator.diagnostics.reporters import REPORTERS, report_text
from generator.diagnostics.secrets import secret_diagnostics
from generator.profile.loader import load

_SOURCE = "name: lab\nnodes:\n  - {name: kitt, adress: 1}\nname: x\n"
_SOURCES: Mapping[str, str] = {"a,b.yaml": _SOURCE}
_FIRST = Span("a,b.yaml", 1, 1, 1, 5)
_ALL = (
    Diagnostic(
        "Y009",
        Span("a,b.yaml", 4, 1, 4, 5),
        "100%: used twice",
        related=(Related(_FIRST, "first used here"),),
    ),
    Diagnostic(
        "S001",
        Span("a,b.yaml", 3, 18, 3, 24),
        'unknown key "adress"',
        "did you mean address?",
        "nodes[0].adress",
    ),
    Diagnostic("R001", _FIRST, "short name", severity=Severity.WARNING),
)


def test_text() -> None:
    assert report_text(_ALL, _SOURCES) == (
        "a,b.yaml:1:1 R001 short name\n"
        "  1 | name: lab\n"
        "    | ^^^^\n"
        "  warning: the command goes on\n"
        "\n"
        'a,b.yaml:3:18 S001 unknown key "adress"\n'
        "  3 |   - {name: kitt, adress: 1}\n"
        "    |                  ^^^^^^\n"
        "  hint: did you mean address?\n"
        "\n"
        "a,b.yaml:4:1 Y009 100%: used twice\n"
        "  4 | name: x\n"
        "    | ^^^^\n"
        "  a,b.yaml:1:1 first used here\n"
        "  1 | name: lab\n"
        "    | ^^^^\n"
        "\n"
        "2 errors, 1 warning in a,b.yaml\n"
    )


def test_text_without_source_or_faults() -> None:
    assert report_text((), {}) == ""
    assert report_text(_ALL[:1], {}).startswith("a,b.yaml:4:1 Y009 100%: used twice\n  a,b.yaml:1:1 first")


def test_text_is_coloured_only_when_asked() -> None:
    assert "\x1b" not in report_text(_ALL, _SOURCES)
    assert "\x1b[31;1mS001\x1b[0m" in report_text(_ALL, _SOURCES, colour=True)


def test_text_fits_80_columns_and_keeps_commands_whole() -> None:
    command = "  kubectl create secret generic " + "x" * 60
    item = Diagnostic("S001", Span("f", 1, 90, 1, 95), "m", "word " * 40 + "\n" + command)
    lines = report_text((item,), {"f": "a " * 44 + " bcdef" + " g" * 45}).splitlines()
    assert any(line.strip() == command.strip() for line in lines)
    assert all(len(line) <= 80 for line in lines if "kubectl" not in line)
    assert lines[1][lines[2].index("^") : lines[2].rindex("^") + 1] == "bcdef"


def test_text_shows_no_escape_sequences() -> None:
    item = Diagnostic("S001", Span("f", 1, 1, 1, 2), "bad \x1b[31m", "\x9b0m")
    text = report_text((item,), {"f": "\x1b]0;x\x07"})
    assert "\x1b" not in text
    assert "\x9b" not in text


def test_caret_under_wide_characters() -> None:
    text = report_text((Diagnostic("S001", Span("f", 1, 5, 1, 6), "m"),), {"f": "名前: x"})
    assert text.splitlines()[2] == "    |       ^"


def test_json() -> None:
    objects = json.loads(REPORTERS["json"](_ALL, _SOURCES))
    assert [item["code"] for item in objects] == ["R001", "S001", "Y009"]
    assert objects[1] == {
        "file": "a,b.yaml", "line": 3, "column": 18, "endLine": 3, "endColumn": 24, "code": "S001",
        "severity": "error", "path": "nodes[0].adress", "message": 'unknown key "adress"',
        "hint": "did you mean address?", "related": [],
    }  # fmt: skip
    assert objects[2]["related"][0]["message"] == "first used here"


def test_github_escapes() -> None:
    assert REPORTERS["github"](_ALL, _SOURCES).splitlines() == [
        "::warning file=a%2Cb.yaml,line=1,col=1,title=R001::short name",
        '::error file=a%2Cb.yaml,line=3,col=18,title=S001::unknown key "adress"'
        "%0Ahint: did you mean address?",
        "::error file=a%2Cb.yaml,line=4,col=1,title=Y009::100%25: used twice%0Aa,b.yaml:1:1: first used here",
    ]


def test_sarif() -> None:
    log = json.loads(REPORTERS["sarif"](_ALL, _SOURCES))
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert (log["version"], rules) == ("2.1.0", ["R001", "S001", "Y009"])
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])
    assert run["results"][2]["relatedLocations"][0]["message"] == {"text": "first used here"}
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%2Cb.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 18, "endLine": 3, "endColumn": 24}


@pytest.mark.parametrize("name", REPORTERS)
@pytest.mark.parametrize(
    "text",
    [
        "a: {password: hunter2, b: 1, b: 2}\n",
        "password: hunter2: x\n",
        "apiToken: 'hunter2\n",
        "a: [{token: hunter2, x: no}, {x: yes}]\n",
        "passwords:\n  - hunter2\n",
        "password: |\n  hunter2\nb: no\n",
    ],
)
def test_no_format_prints_a_secret(name: str, text: str) -> None:
    loaded = load("f", text.encode())
    found = (*loaded.diagnostics, *(secret_diagnostics(loaded.tree) if loaded.tree else ()))
    assert found
    assert "hunter2" not in REPORTERS[name](found, {"f": text})
