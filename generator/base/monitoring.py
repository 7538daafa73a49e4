"""kube-prometheus-stack: Prometheus, Alertmanager, Grafana."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.base.images import Image
from generator.base.model import Chart, Entry, Namespace, Rollout, SecretWish, Values
from generator.base.needed import claim_template, database_class
from generator.base.waves import SYSTEM
from generator.components.monitoring_labels import (
    DASHBOARD_LABEL,
    DASHBOARD_VALUE,
    FOLDER_ANNOTATION,
    STACK_NAMESPACE,
)

if TYPE_CHECKING:
    from generator.profile.model import Profile

ADMIN_SECRET = "grafana-admin"
ADMIN_USER_KEY = "admin-user"
ADMIN_PASSWORD_KEY = "admin-password"
_SELECTORS = ("serviceMonitor", "podMonitor", "rule", "probe", "scrapeConfig")
_OPERATOR = "v0.93.1"
_NODE_EXPORTER = "prometheus-node-exporter.image.registry"
_OWN_IMAGES = {
    "prometheusOperator.image": f"prometheus-operator/prometheus-operator:{_OPERATOR}",
    "prometheusOperator.prometheusConfigReloader.image": (
        f"prometheus-operator/prometheus-config-reloader:{_OPERATOR}"
    ),
    "prometheusOperator.thanosImage": "thanos/thanos:v0.42.4",
    "prometheus.prometheusSpec.image": "prometheus/prometheus:v3.14.0-distroless",
    "alertmanager.alertmanagerSpec.image": "prometheus/alertmanager:v0.34.0",
    "grafana.sidecar.image": "kiwigrid/k8s-sidecar:2.10.1",
    "prometheus-node-exporter.image": "prometheus/node-exporter:v1.12.1-distroless",
}
"""Those on quay.io, by the section that names them."""


def build(profile: Profile) -> Values:
    """Values for the chart."""
    assert profile.monitoring
    return {
        "crds": {"enabled": False},
        "prometheus": {"prometheusSpec": _prometheus(profile)},
        "grafana": _grafana(profile),
        # They listen on 127.0.0.1 or are one process (k3s): scraped, they would only raise false alarms.
        "kubeControllerManager": {"enabled": False},
        "kubeScheduler": {"enabled": False},
        "kubeEtcd": {"enabled": False},
        "kubeProxy": {"enabled": False},
    }


def _prometheus(profile: Profile) -> Values:
    """It takes each monitor and rule, whatever its labels: a forgotten label must not hide a target."""
    wish = profile.monitoring
    assert wish
    out: Values = {f"{kind}SelectorNilUsesHelmValues": False for kind in _SELECTORS}
    out["retention"] = wish.retention
    if wish.storage:
        claim = claim_template(database_class(profile), wish.storage)
        out["storageSpec"] = {"volumeClaimTemplate": claim}
    return out


def _grafana(profile: Profile) -> Values:
    assert profile.monitoring
    wish = profile.monitoring.grafana
    secret = wish.admin_secret
    out: Values = {
        "admin": {
            "existingSecret": secret.name if secret else ADMIN_SECRET,
            "userKey": ADMIN_USER_KEY,
            "passwordKey": secret.key if secret else ADMIN_PASSWORD_KEY,
        },
        "sidecar": {
            "dashboards": {
                "enabled": True,
                "label": DASHBOARD_LABEL,
                "labelValue": DASHBOARD_VALUE,
                "searchNamespace": "ALL",
                "folderAnnotation": FOLDER_ANNOTATION,
                "provider": {"foldersFromFilesStructure": True},
            }
        },
        # A rolling update would wait for a volume that the old pod still holds.
        "deploymentStrategy": {"type": "Recreate"},
        "initChownData": {"enabled": False},
        "testFramework": {"enabled": False},
    }
    if wish.persistence:
        out["persistence"] = {"enabled": True, "size": wish.persistence}
        if found := database_class(profile, wish.storage_class):
            out["persistence"]["storageClassName"] = found
    if profile.network.domain:
        out["grafana.ini"] = {"server": {"root_url": f"https://grafana.{profile.network.domain}"}}
    return out


def _secrets(profile: Profile) -> tuple[SecretWish, ...]:
    assert profile.monitoring
    secret = profile.monitoring.grafana.admin_secret
    return (
        SecretWish(
            secret.name if secret else ADMIN_SECRET,
            {ADMIN_USER_KEY: "admin", (secret.key if secret else ADMIN_PASSWORD_KEY): ""},
        ),
    )


def _ready(profile: Profile) -> tuple[Rollout, ...]:
    assert profile.monitoring
    release = profile.monitoring.release
    return (Rollout((f"deployment/{release}-kube-prometheus-operator", f"deployment/{release}-grafana")),)


ENTRY = Entry(
    name="kube-prometheus-stack",
    title="kube-prometheus-stack",
    source=Chart("oci://ghcr.io/prometheus-community/charts", "kube-prometheus-stack", "88.5.3"),
    # The node exporter is on the host's network and reads its files.
    namespace=Namespace(STACK_NAMESPACE, "privileged"),
    wave=SYSTEM.number,
    licence="Apache-2.0",
    enabled=lambda profile: profile.monitoring is not None,
    values=build,
    images=(
        *(Image(f"quay.io/{image}", f"{path}.registry", "quay.io") for path, image in _OWN_IMAGES.items()),
        Image("docker.io/grafana/grafana:13.2.0", "grafana.image.registry", "docker.io"),
        Image(
            "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0",
            "kube-state-metrics.image.registry",
            "registry.k8s.io",
        ),
        Image(
            "ghcr.io/jkroepke/kube-webhook-certgen:1.8.7",
            "prometheusOperator.admissionWebhooks.patch.image.registry",
            "ghcr.io",
        ),
    ),
    needs=("prometheus-operator-crds", "csi-driver-nfs", "longhorn", "local-path-provisioner"),
    ready=_ready,
    secrets=_secrets,
    release=lambda profile: profile.monitoring.release if profile.monitoring else "prometheus",
    defaults="kube-prometheus-stack-88.5.3.values.yaml",
    optional=(
        "grafana.admin.existingSecret",
        "grafana.admin.userKey",
        "grafana.admin.passwordKey",
        "grafana.persistence.enabled",
        "grafana.persistence.size",
        "grafana.persistence.storageClassName",
        "grafana.deploymentStrategy.type",
        "grafana.initChownData.enabled",
        "grafana.testFramework.enabled",
        "grafana.sidecar.dashboards.folderAnnotation",
        "grafana.sidecar.dashboards.provider.foldersFromFilesStructure",
        "grafana.sidecar.image.registry",
        "grafana.image.registry",
        "kube-state-metrics.image.registry",
        "prometheus-node-exporter.image.registry",
        "grafana.grafana\\.ini.server.root_url",
    ),
    timeout=900,
    traps=(
        "Without the `...SelectorNilUsesHelmValues: false` only monitors with the label `release` are read; "
        'the text "false" counts as true.',
        "Grafana's SQLite must not be on NFS; with a volume its Deployment must not roll (Recreate).",
        "Helm never upgrades the definitions: they are a release of their own.",
        "The stack has a known password unless `admin.existingSecret` names a Secret.",
        "etcd, scheduler, controller manager and kube-proxy listen on 127.0.0.1: scraped, they raise alarms.",
    ),
)
