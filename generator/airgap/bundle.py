"""One archive for a machine without network: charts, values, plain objects, the list of images, scripts."""

from __future__ import annotations

import gzip
import io
import shlex
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from generator.airgap.copying import copy_script
from generator.airgap.inventory import Item
from generator.base.layer import Layer, Release
from generator.base.model import Chart, Objects, OwnChart
from generator.cluster.runner import CommandRunner
from generator.delivery.objects import object_files
from generator.delivery.paths import objects_folder
from generator.errors import UserError
from generator.output.render import render
from generator.output.yaml_text import dump

if TYPE_CHECKING:
    from generator.project import Project

__all__ = ["Bundler", "archive", "install_script"]
_NO_NETWORK = "pull the charts where there is network, and name their folder with --charts"


class Bundler:
    """Collects the files of one layer. `charts` is a folder with charts that were pulled before, or None."""

    def __init__(
        self, project: Project, helm: Path, kubectl: Path, runner: CommandRunner, charts: Path | None
    ) -> None:
        self.project, self.runner, self.charts = project, runner, charts
        self.helm, self.kubectl = str(helm), str(kubectl)

    def files(self, layer: Layer, own: Mapping[str, str], items: Sequence[Item]) -> dict[str, bytes]:
        """Path to content. `own` are the texts of our own charts' values. Raises CommandError, UserError."""
        out: dict[str, bytes] = {}
        for release in layer.releases:
            if isinstance(release.source, Objects):
                out[f"objects/{release.key}.yaml"] = self._objects(layer, release)
                continue
            if isinstance(release.source, OwnChart):
                out |= _folder(self.project.root / release.source.path, f"charts/{release.key}")
                text = own[release.key]
            else:
                out[f"charts/{chart_file(release)}"] = self._pulled(release.source)
                text = dump(release.values)
            out[f"values/{release.key}.yaml"] = text.encode()
        registry = layer.registry or "REGISTRY"
        out["install.sh"] = install_script(layer).encode()
        out["images.txt"] = "".join(f"{one.target}\n" for one in items if one.kind == "image").encode()
        out["copy-images.sh"] = copy_script(layer.name, items, registry).encode()
        return out

    def _pulled(self, chart: Chart) -> bytes:
        if self.charts:
            found = self.charts / f"{chart.name}-{chart.version}.tgz"
            if not found.is_file():
                raise UserError(f"{found} is not there", hint=f"helm pull {chart.reference} {chart.version}")
            return found.read_bytes()
        where = [chart.reference] if chart.is_oci else [chart.name, "--repo", chart.repository]
        with TemporaryDirectory(prefix="labhelm-") as folder:
            argv = [self.helm, "pull", *where, "--version", chart.version, "--destination", folder]
            self.runner.run(argv, timeout=300, hint=_NO_NETWORK)
            return next(Path(folder).glob("*.tgz")).read_bytes()

    def _objects(self, layer: Layer, release: Release) -> bytes:
        """What kustomize makes of it: upstream's parts are fetched now, not where there is no network."""
        with TemporaryDirectory(prefix="labhelm-") as folder:
            for path, text in object_files(layer, "").items():
                file = Path(folder) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            where = f"{folder}/{objects_folder(layer.name, release)}"
            return self.runner.run([self.kubectl, "kustomize", where], timeout=600).stdout.encode()


def chart_file(release: Release) -> str:
    """Name of the release's chart in the bundle: an archive, of our own charts a folder."""
    if isinstance(release.source, Chart):
        return f"{release.source.name}-{release.source.version}.tgz"
    return release.key


def _folder(chart: Path, target: str) -> dict[str, bytes]:
    """The files of a chart: helm's own archive would differ each time it is made."""
    files = [path for path in chart.rglob("*") if path.is_file()]
    parts = {path: path.relative_to(chart) for path in files}
    skipped = {"ci", "__pycache__"}
    return {
        f"{target}/{name}": path.read_bytes() for path, name in parts.items() if not skipped & {*name.parts}
    }


def install_script(layer: Layer) -> str:
    """POSIX shell that installs everything in order; run again, it goes on."""
    steps = [
        (
            one.title,
            isinstance(one.source, Objects),
            one.key,
            shlex.quote(one.name),
            shlex.quote(one.namespace.name),
            "" if isinstance(one.source, Objects) else chart_file(one),
            one.timeout,
        )
        for one in layer.releases
    ]
    return render("bundle-install.sh.j2", name=layer.name, steps=steps)


def archive(files: Mapping[str, bytes], name: str) -> bytes:
    """A tar.gz with everything in one folder; the same bytes for the same content."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path, content in sorted(files.items()):
            member = tarfile.TarInfo(f"{name}/{path}")
            member.size, member.mode = len(content), 0o755 if path.endswith(".sh") else 0o644
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
