"""Kueue: jobs of teams wait in queues until there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Crds, Entry, Namespace, Values, Webhook
from generator.base.waves import OPERATORS
from generator.output.yaml_text import dump

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = "kueue-system"
_REPOSITORY = "registry.k8s.io/kueue/kueue"
_VERSION = "0.19.2"
_FRAMEWORKS = ("batch/job", "jobset.x-k8s.io/jobset", "trainer.kubeflow.org/trainjob")
_RAY = ("ray.io/rayjob", "ray.io/raycluster")


def frameworks(profile: Profile) -> list[str]:
    """Kinds of jobs that wait for Kueue; those of training-operator v1 it takes no more."""
    ray = _RAY if "kuberay" in profile.base.extras else ()
    return [*_FRAMEWORKS, *ray]


def build(profile: Profile) -> Values:
    """Values for the chart. Its configuration is one text, so it is replaced whole."""
    return {
        "controllerManager": {"manager": {"image": {"repository": _REPOSITORY, "tag": f"v{_VERSION}"}}},
        "managerConfig": {"controllerManagerConfigYaml": dump(_configuration(profile))},
    }


def _configuration(profile: Profile) -> Values:
    return {
        "apiVersion": "config.kueue.x-k8s.io/v1beta2",
        "kind": "Configuration",
        "health": {"healthProbeBindAddress": ":8081"},
        "metrics": {"bindAddress": ":8443"},
        "webhook": {"port": 9443},
        "leaderElection": {"leaderElect": True, "resourceName": "c1f6bfd2.kueue.x-k8s.io"},
        "clientConnection": {"qps": 300, "burst": 500},
        "integrations": {"frameworks": frameworks(profile)},
    }


ENTRY = Entry(
    name="kueue",
    title="Kueue",
    source=Chart("oci://registry.k8s.io/kueue/charts", "kueue", _VERSION),
    namespace=Namespace(NAMESPACE, "restricted"),
    wave=OPERATORS.number,
    licence="Apache-2.0",
    enabled=lambda profile: profile.training is not None and profile.training.queues,
    values=build,
    images=(Image(f"{_REPOSITORY}:v{_VERSION}", "controllerManager.manager.image.repository", _REPOSITORY),),
    ready=(
        Crds(
            ("clusterqueues.kueue.x-k8s.io", "localqueues.kueue.x-k8s.io", "resourceflavors.kueue.x-k8s.io")
        ),
        Webhook(
            "validatingwebhookconfiguration/kueue-validating-webhook-configuration", "kueue-webhook-service"
        ),
    ),
    defaults="kueue-0.19.2.values.yaml",
    crds_in_chart=True,
    traps=(
        "Jobs of training-operator v1 left the default integrations in 0.19: they would run unqueued.",
        "The configuration is one YAML text: to add a kind of job, all of it is replaced.",
        "It must be there before the operators whose jobs it admits.",
    ),
)
