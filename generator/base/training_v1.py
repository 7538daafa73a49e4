"""training-operator v1: PyTorchJob and TFJob, for those who have them."""

from __future__ import annotations

from generator.base.images import Image
from generator.base.model import Crds, Entry, Namespace, Objects, Remote, Rollout
from generator.base.waves import OPERATORS

NAMESPACE = "kubeflow"

ENTRY = Entry(
    name="training-operator",
    title="Kubeflow training operator v1 (legacy)",
    source=Objects(
        remotes=(
            Remote(
                "https://github.com/kubeflow/trainer",
                "manifests/overlays/standalone",
                "v1.9.4",
                "4445c12aa62e4345b0c2c6ac9b215a70eca46ed7",
            ),
        ),
    ),
    namespace=Namespace(NAMESPACE, "baseline"),
    wave=OPERATORS.number,
    licence="Apache-2.0",
    enabled=lambda profile: (
        profile.training is not None and profile.training.operator == "training-operator-v1"
    ),
    images=(Image("docker.io/kubeflow/training-operator:v1-93c5489"),),
    needs=("kueue",),
    ready=(
        Crds(("pytorchjobs.kubeflow.org", "tfjobs.kubeflow.org")),
        Rollout(("deployment/training-operator",)),
    ),
    traps=("It has no chart, and nobody adds to it any more: TrainJob is what follows.",),
)
