"""Our own charts of a profile, rendered: the manifests say which images they pull."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from generator.airgap.manifests import images_of
from generator.base.platform import NODE_PREP, RELEASE
from generator.cluster.helm import Helm, Values
from generator.cluster.manifests import parse
from generator.generation import node_prep_text, values_text

if TYPE_CHECKING:
    from generator.profile.model import Profile
    from generator.project import Project


def own_images(profile: Profile, project: Project, helm: Helm) -> dict[str, set[str]]:
    """Images by release, tests and hooks included; custom resources are rendered in any case."""
    charts = {
        RELEASE: (project.umbrella, values_text(profile)),
        NODE_PREP: (project.root / "charts" / "node-prep", node_prep_text(profile)),
    }
    return {name: _images(helm, name, chart, text) for name, (chart, text) in charts.items()}


def _images(helm: Helm, release: str, chart: Path, text: str) -> set[str]:
    settings = ("global.customResources=always",) if release == RELEASE else ()
    with TemporaryDirectory(prefix="labhelm-") as folder:
        file = Path(folder) / "values.yaml"
        file.write_text(text)
        return images_of(parse(helm.template(release, str(chart), Values((file,), settings))))
