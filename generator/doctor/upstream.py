"""What brings an API that a cluster lacks; the umbrella's NOTES say the same."""

from __future__ import annotations

_OCI = "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack"
_BRINGS = {
    "monitoring.coreos.com": ("kube-prometheus-stack", "monitoring", (_OCI,)),
    "cert-manager.io": (
        "cert-manager",
        "cert-manager",
        ("oci://quay.io/jetstack/charts/cert-manager", "--set", "crds.enabled=true"),
    ),
    "metallb.io": (
        "metallb",
        "metallb-system",
        ("metallb", "--repo", "https://metallb.github.io/metallb"),
    ),
    "keda.sh": ("keda", "keda", ("keda", "--repo", "https://kedacore.github.io/charts")),
}
"""Group of APIs -> release, namespace, and chart with its flags."""


def brings(group: str) -> tuple[str, ...]:
    """The helm command; for what has no chart, a look at what is served."""
    if group not in _BRINGS:
        return ("kubectl", "api-resources", "--api-group", group)
    release, namespace, chart = _BRINGS[group]
    return ("helm", "upgrade", "--install", release, *chart, "-n", namespace, "--create-namespace")
