"""Kubeflow Trainer v2: TrainJobs. Its runtimes come from the umbrella's chart `training`."""

from __future__ import annotations

from generator.base.images import Image
from generator.base.model import Chart, Crds, Entry, Namespace, Webhook
from generator.base.waves import OPERATORS

NAMESPACE = "kubeflow-system"
_JOBSET = "registry.k8s.io/jobset/jobset"

ENTRY = Entry(
    name="kubeflow-trainer",
    title="Kubeflow Trainer",
    source=Chart("oci://ghcr.io/kubeflow/charts", "kubeflow-trainer", "2.3.0"),
    namespace=Namespace(NAMESPACE, "restricted"),
    wave=OPERATORS.number,
    licence="Apache-2.0",
    enabled=lambda profile: profile.training is not None and profile.training.operator == "trainer-v2",
    values=lambda _: {
        "jobset": {"install": True, "image": {"repository": _JOBSET, "tag": "v0.12.0"}},
        "dataCache": {"enabled": False},
        # Ours: the chart's come by a job that downloads kubectl while it runs.
        "runtimes": {"defaultEnabled": False},
    },
    images=(
        Image("ghcr.io/kubeflow/trainer/trainer-controller-manager:v2.3.0", "image.registry", "ghcr.io"),
        Image(f"{_JOBSET}:v0.12.0", "jobset.image.repository", _JOBSET),
    ),
    needs=("kueue",),
    ready=(
        Crds(("trainjobs.trainer.kubeflow.org", "clustertrainingruntimes.trainer.kubeflow.org")),
        Webhook(
            "validatingwebhookconfiguration/validator.trainer.kubeflow.org",
            "kubeflow-trainer-controller-manager",
        ),
    ),
    defaults="kubeflow-trainer-2.3.0.values.yaml",
    optional=("jobset.image.repository", "jobset.image.tag"),
    crds_in_chart=True,
    traps=(
        "All runtimes are off by default, so `runtimeRef: torch-distributed` names nothing.",
        "The chart's runtimes come by a job that installs kubectl from the network at run time.",
        "JobSet comes with it: a second one would take the same objects.",
    ),
)
