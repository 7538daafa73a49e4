"""Everything under values/<name>/base/: values, objects, the plan, and the files of each engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.layer import Layer, layer_of
from generator.delivery.helmfile import helmfile_document
from generator.delivery.objects import object_files
from generator.delivery.paths import base_folder, values_file
from generator.delivery.plan import plan_document
from generator.delivery.readme import readme
from generator.output.plan import mark
from generator.output.yaml_lines import lines as dump

if TYPE_CHECKING:
    from generator.profile.model import Profile


def base_files(profile: Profile) -> dict[str, str]:
    """Path to text."""
    layer, sentence = layer_of(profile), mark(f"profiles/{profile.name}.yaml")
    head, folder = f"# {sentence}\n", base_folder(profile.name)
    out = {
        f"{folder}/README.md": readme(layer, profile.delivery, sentence),
        f"{folder}/plan.yaml": head + dump(plan_document(layer)),
        f"{folder}/helmfile.yaml": head + dump(helmfile_document(layer)),
        **{values_file(profile.name, one): head + dump(one.values) for one, _ in layer.charts()},
        **object_files(layer, head),
    }
    return out | _engines(profile, layer, head)


def _engines(profile: Profile, layer: Layer, head: str) -> dict[str, str]:
    wish = profile.delivery
    if wish is None:
        return {}
    # Imported here: profiles that no engine installs need none of it, and shall be quick.
    from generator.delivery.argocd import argocd_files
    from generator.delivery.flux import flux_files
    from generator.delivery.git_engines import git_of

    git = git_of(wish)
    found = argocd_files(layer, git, head) if "argocd" in wish.engines else {}
    return found | (flux_files(layer, git, head) if "flux" in wish.engines else {})
