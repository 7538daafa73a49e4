"""One release of the umbrella in the cluster, with values as Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generator.cluster.helm import Helm, Values
from generator.output.yaml_text import dump
from tests.conftest import ROOT

UMBRELLA = str(ROOT / "charts/umbrella")
OFF: Mapping[str, Any] = {chart: {"enabled": False} for chart in ("teams", "storage", "dask")}


@dataclass(frozen=True)
class PlatformRelease:
    """Charts that the values do not name are off. Methods raise CommandError when helm fails."""

    helm: Helm
    namespace: str
    name: str = "platform"
    options: tuple[str, ...] = field(default=())

    def upgrade(self, values: Mapping[str, Any], *options: str, wait: bool = True) -> str:
        """Install or upgrade; what helm printed, the notes included."""
        with TemporaryDirectory() as folder:
            file = Path(folder) / "values.yaml"
            file.write_text(dump({**OFF, **values}))
            return self.helm.upgrade(
                self.name, UMBRELLA, Values((file,)), namespace=self.namespace, wait=wait, timeout=60,
                options=(*self.options, *options),
            )  # fmt: skip

    def rollback(self, revision: int) -> None:
        """Back to a revision."""
        self.helm.rollback(self.name, revision, namespace=self.namespace, timeout=60)

    def uninstall(self) -> str:
        """Remove the release; what helm says that it kept."""
        return self.helm.uninstall(self.name, namespace=self.namespace, timeout=60)

    def test(self) -> str:
        """Run the test hooks."""
        return self.helm.test(self.name, namespace=self.namespace, timeout=60)
