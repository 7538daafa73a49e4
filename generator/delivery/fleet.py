"""Many clusters from one repository: a hub brings each cluster's files to its own Argo CD or Flux."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from generator.delivery import argocd, flux
from generator.delivery.paths import base_folder
from generator.output.plan import mark
from generator.output.yaml_lines import lines as dump

if TYPE_CHECKING:
    from generator.profile.model import Profile

FOLDER = "values/fleet"
_README = """\
# All clusters of this repository

Each cluster runs its own engine and installs itself from `values/<name>/base/`, so it goes on when the hub is
away. A hub only brings it there; remove a file here and nothing in the clusters is deleted.

- `argocd.yaml`: an ApplicationSet for the hub's Argo CD. Register each cluster there by its profile's name;
  each has Argo CD in the namespace `argocd` and the ConfigMap of `base/argocd/argocd-cm.yaml`.
- `flux.yaml`: Kustomizations for the hub's Flux. A cluster is found by the Secret `<name>-kubeconfig` with
  the key `value`; each cluster has Flux in the namespace `flux-system`.
"""


def fleet_files(profiles: Sequence[Profile]) -> dict[str, str]:
    """Path to text; nothing where no profile says where its repository is."""
    head = f"# {mark('profiles/')}\n"
    with_argocd, with_flux = _using(profiles, "argocd"), _using(profiles, "flux")
    out: dict[str, str] = {}
    if with_argocd:
        out[f"{FOLDER}/argocd.yaml"] = head + dump(_application_set(with_argocd))
    if with_flux:
        out[f"{FOLDER}/flux.yaml"] = head + "---\n".join(dump(_kustomization(one)) for one in with_flux)
    return {**out, f"{FOLDER}/README.md": f"<!-- {mark('profiles/')} -->\n{_README}"} if out else {}


def _using(profiles: Sequence[Profile], engine: str) -> list[Profile]:
    found = [one for one in profiles if one.delivery and engine in one.delivery.engines]
    return sorted(found, key=lambda one: one.name)


def _application_set(profiles: Sequence[Profile]) -> dict[str, Any]:
    """One root Application for each cluster."""
    elements = [
        {
            "name": one.name,
            "repository": one.delivery.repository,
            "revision": one.delivery.revision,
            "path": f"{base_folder(one.name)}/argocd/applications",
        }
        for one in profiles
        if one.delivery
    ]
    source = {"repoURL": "{{.repository}}", "targetRevision": "{{.revision}}", "path": "{{.path}}"}
    spec = {
        "project": "default",
        "source": source,
        "destination": {"name": "{{.name}}", "namespace": argocd.NAMESPACE},
        "syncPolicy": {"automated": {"prune": False, "selfHeal": True}},
    }
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ApplicationSet",
        "metadata": {"name": "fleet", "namespace": argocd.NAMESPACE},
        "spec": {
            "goTemplate": True,
            "goTemplateOptions": ["missingkey=error"],
            # A cluster that goes from the list keeps what it has.
            "syncPolicy": {"preserveResourcesOnDeletion": True},
            "generators": [{"list": {"elements": elements}}],
            "template": {"metadata": {"name": "{{.name}}"}, "spec": spec},
        },
    }


def _kustomization(profile: Profile) -> dict[str, Any]:
    """The cluster's own GitRepository and Kustomizations, applied by the hub."""
    return {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": profile.name, "namespace": flux.NAMESPACE},
        "spec": {
            "interval": "10m",
            "sourceRef": {"kind": "GitRepository", "name": flux.GIT},
            "path": f"./{base_folder(profile.name)}/flux/sync",
            "prune": False,
            "kubeConfig": {"secretRef": {"name": f"{profile.name}-kubeconfig"}},
        },
    }
