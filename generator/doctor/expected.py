"""What the profile's charts make: rendered here, without asking the cluster."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from generator.cluster.helm import Helm, Values
from generator.cluster.manifests import parse
from generator.doctor.base import Wish
from generator.generation import umbrella_values
from generator.output.yaml_text import dump
from generator.profile.model import Profile

# Custom resources are rendered whatever the cluster serves: what it lacks is a finding.
_ALL = ("global.customResources=always",)


def wish_of(profile: Profile, helm: Helm, chart: Path, release: str, namespace: str) -> Wish:
    """All objects of the platform, hooks aside. Raises CommandError when helm cannot render them."""
    values = umbrella_values(profile)
    with TemporaryDirectory(prefix="labhelm-") as folder:
        file = Path(folder) / "values.yaml"
        file.write_text(dump(values))
        text = helm.template(
            release, str(chart), Values((file,), _ALL), namespace=namespace, options=("--no-hooks",)
        )
    return Wish(profile, values, parse(text), release, namespace)
