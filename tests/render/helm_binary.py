"""Real helm for tests: no cluster, no network, folders of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from generator.cluster.runner import Result, SystemRunner
from generator.output.yaml_text import dump
from generator.toolchain import SilentProgress, ensure

ROOT = Path(__file__).resolve().parents[2]
UMBRELLA = ROOT / "charts/umbrella"
KUBE_VERSION = "1.36.3"
Document = dict[str, Any]
Values = Mapping[str, Any] | Path | str


def chart_path(chart: str | Path) -> Path:
    """`umbrella`, a subchart's name, a sibling such as `node-prep`, or any path."""
    if isinstance(chart, Path):
        return chart
    sub = UMBRELLA / "charts" / chart
    return sub if sub.is_dir() else ROOT / "charts" / chart


@dataclass(frozen=True)
class Helm:
    """One helm program; `home` takes its caches and settings."""

    name: str
    program: Path
    home: Path
    _runner: SystemRunner = field(default_factory=SystemRunner)

    def run(self, *args: str | Path, stdin: str | None = None, check: bool = True) -> Result:
        """Run helm; HELM_* folders are empty, so that nothing of the developer's is used."""
        env = {f"HELM_{kind}_HOME": str(self.home / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")}
        env["KUBECONFIG"] = str(self.home / "none")
        argv = [str(self.program), *map(str, args)]
        return self._runner.run(argv, stdin=stdin, env=env, cwd=str(ROOT), check=check)

    def render(
        self,
        chart: str | Path,
        values: Values | Sequence[Values] = (),
        *,
        set: Iterable[str] = (),  # noqa: A002 - the name of helm's option
        api_versions: Iterable[str] = (),
        kube_version: str = KUBE_VERSION,
        release: str = "platform",
        namespace: str = "platform",
        show_only: str = "",
        check: bool = True,
    ) -> Result:
        """`helm template`; values are files or mappings, later ones on top."""
        layers = [values] if isinstance(values, (Mapping, Path, str)) else list(values)
        args: list[str | Path] = ["template", release, chart_path(chart), "-n", namespace]
        args += ["--kube-version", kube_version]
        for number, layer in enumerate(layers):
            args += ["-f", self._file(layer, number)]
        for option, items in (("--set", set), ("--api-versions", api_versions)):
            for item in items:
                args += [option, item]
        return self.run(*args, *(["--show-only", show_only] if show_only else []), check=check)

    def template(
        self, chart: str | Path, values: Values | Sequence[Values] = (), **options: Any
    ) -> list[Document]:
        """The documents that `render` gives."""
        return documents(self.render(chart, values, **options).stdout)

    def refusal(self, chart: str | Path, values: Values | Sequence[Values] = (), **options: Any) -> str:
        """What helm says when it refuses to render; an AssertionError when it does not refuse."""
        result = self.render(chart, values, check=False, **options)
        assert result.code != 0, f"{self.name} rendered what it should refuse"
        return result.stderr

    def _file(self, layer: Values, number: int) -> Path:
        if not isinstance(layer, Mapping):
            return Path(layer)
        path = self.home / f"values-{number}.yaml"
        path.write_text(dump(dict(layer)))
        return path


def documents(text: str) -> list[Document]:
    """All documents of a rendered stream, without empty ones."""
    return [document for document in yaml.load_all(text, Loader=yaml.CSafeLoader) if document]


def find_helm(name: str, home: Path) -> Helm:
    """`helm4` or `helm3`, brought here if need be."""
    home.mkdir(parents=True, exist_ok=True)
    return Helm(name, ensure(name, runner=SystemRunner(), progress=SilentProgress()), home)
