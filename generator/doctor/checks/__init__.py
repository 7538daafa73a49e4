"""What doctor looks at: one module each, all of them in CHECKS."""

from __future__ import annotations

from generator.doctor.base import Check
from generator.doctor.checks import (
    certificates,
    custom_resources,
    gpus,
    labels,
    load_balancer,
    monitors,
    node_prep,
    nodes,
    pod_defaults,
    quotas,
    release,
    secrets,
    storage_class,
    versions,
    volumes,
)

_MONITORING = "monitoring.coreos.com"

CHECKS: tuple[Check, ...] = (
    Check("versions", versions.look, needs=("nodes",)),
    Check("nodes", nodes.look, needs=("nodes",)),
    Check("labels", labels.look, needs=("nodes",)),
    Check("gpus", gpus.look, needs=("nodes",)),
    Check("node-prep", node_prep.look, needs=("nodes",)),
    Check("release", release.look),
    Check("quotas", quotas.look, needs=("resourcequotas",)),
    Check("storage-class", storage_class.look, needs=("storageclasses.storage.k8s.io",)),
    Check("volumes", volumes.look, needs=("persistentvolumes", "persistentvolumeclaims")),
    Check("secrets", secrets.look),
    Check("load-balancer", load_balancer.look, needs=("services",)),
    Check("custom-resources", custom_resources.look),
    Check("certificates", certificates.look, needs=("certificates.cert-manager.io",)),
    Check(
        "monitors",
        monitors.look,
        needs=(
            "namespaces",
            *(
                f"{name}.{_MONITORING}"
                for name in ("prometheuses", "servicemonitors", "podmonitors", "prometheusrules")
            ),
        ),
    ),
    Check("pod-defaults", pod_defaults.look, needs=("namespaces", "poddefaults.kubeflow.org")),
)
"""All checks, in the order of the report: first what the others stand on."""
