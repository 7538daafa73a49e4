"""What Zero to JupyterHub must say so that its hub is configured by our ConfigMap, and only by it.

The hub reads `jupyterhub_config.d/*.py` after its own values, so the ConfigMap has the last word. It is never
optional: without it the pod waits, and no hub with another login starts. Install z2jh in the namespace
`hub_namespace`, after the umbrella.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from generator.components.jupyterhub_config.authentication import Authentication, SecretKey
from generator.components.jupyterhub_config.build import build

if TYPE_CHECKING:
    from generator.components.jupyterhub_config.values import JupyterHubConfigValues
    from generator.profile.model import Profile

HOME = "/usr/local/etc/jupyterhub"
PACKAGE = f"{HOME}/labhelm_hub"
"""The whole ConfigMap: settings.json and the Python package that applies it."""
FRAGMENT = f"{HOME}/jupyterhub_config.d/labhelm.py"
"""The one file that the hub itself loads; the same ConfigMap's key `labhelm.py`."""
CA_FOLDER = f"{HOME}/labhelm_ca"
LDAP_PASSWORD = "LABHELM_LDAP_PASSWORD"
CLIENT_SECRET = "LABHELM_CLIENT_SECRET"
METRICS_TOKEN = "LABHELM_METRICS_TOKEN"
CHECKSUM = "labhelm.io/jupyterhub-config"
AUTHENTICATORS = {"ldap": "ldap", "github": "github", "oidc": "generic-oauth", "google": "google"}
"""JupyterHub's names of the authenticators, by `authentication.type`."""
CPU, MEMORY = "500m", "1Gi"


def config_map(release: str = "platform") -> str:
    """Name of the ConfigMap that the umbrella's release makes (the template's `fullname`)."""
    name = f"{release}-jupyterhub-config-hub"
    if len(name) <= 63:
        return name
    return f"{name[:54].strip('-._')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def hub_namespace(profile: Profile) -> str:
    """Namespace of the z2jh release; "" is that of the umbrella's release."""
    return profile.namespace_of(profile.jupyterhub.team) if profile.jupyterhub else ""


def overlay(
    profile: Profile, values: JupyterHubConfigValues | None = None, release: str = "platform"
) -> dict[str, Any]:
    """Values for the chart jupyterhub 4.4. `values` are the umbrella's own, overrides included."""
    config = values or build(profile)
    database = profile.jupyterhub.database if profile.jupyterhub else None
    claim: dict[str, Any] = {"storage": database.size} if database else {}
    if database and database.storage_class:
        claim["storageClassName"] = database.storage_class
    return {
        "hub": {**hub(config, release), "db": {"type": "sqlite-pvc", "pvc": claim}},
        # The folder for users, mounts and profiles come from the ConfigMap.
        "singleuser": {
            "storage": {"type": "none"},
            # It would be a privileged container, which Pod Security `restricted` refuses.
            "cloudMetadata": {"blockWithIptables": False},
        },
        # The ConfigMap starts the culler.
        "cull": {"enabled": False},
        # It would spread nothing on a few machines, and knows nothing of the platform's node labels.
        "scheduling": {"userScheduler": {"enabled": False}},
        "proxy": {"service": {"type": "ClusterIP"}, "chp": {"resources": _resources("100m", "256Mi")}},
        "imagePullSecrets": list(profile.pull_secrets),
    }


def hub(config: JupyterHubConfigValues, release: str = "platform") -> dict[str, Any]:
    """z2jh's `hub`: mounts, variables from Secrets, and a restart when the configuration is another."""
    authenticator = AUTHENTICATORS.get(config.authentication.type)
    return {
        "annotations": {CHECKSUM: checksum(config)},
        # Said here too, so that z2jh's default, a login without password, is nowhere.
        "config": {"JupyterHub": {"authenticator_class": authenticator}} if authenticator else {},
        "extraVolumes": volumes(config, release),
        "extraVolumeMounts": mounts(config),
        "extraEnv": environment(config),
        "resources": _resources(CPU, MEMORY),
    }


def checksum(config: JupyterHubConfigValues) -> str:
    """Another text for each other configuration."""
    text = json.dumps(config.model_dump(mode="json", by_alias=True), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def volumes(config: JupyterHubConfigValues, release: str = "platform") -> list[dict[str, Any]]:
    """Volumes of the hub's pod, in Kubernetes' words."""
    found: list[dict[str, Any]] = [{"name": "labhelm", "configMap": {"name": config_map(release)}}]
    if authority := _ca_map(config.authentication):
        found.append({"name": "labhelm-ca", "configMap": {"name": authority}})
    return found


def mounts(config: JupyterHubConfigValues) -> list[dict[str, Any]]:
    """Mounts of the hub's container, in Kubernetes' words."""
    found: list[dict[str, Any]] = [
        {"name": "labhelm", "mountPath": PACKAGE, "readOnly": True},
        {"name": "labhelm", "mountPath": FRAGMENT, "subPath": "labhelm.py", "readOnly": True},
    ]
    if _ca_map(config.authentication):
        found.append({"name": "labhelm-ca", "mountPath": CA_FOLDER, "readOnly": True})
    return found


def environment(config: JupyterHubConfigValues) -> dict[str, Any]:
    """Variables of the hub's container that Secrets fill, by name."""
    return {
        name: {"valueFrom": {"secretKeyRef": {"name": secret.name, "key": secret.key}}}
        for name, secret in secrets(config).items()
        if secret.name
    }


def secrets(config: JupyterHubConfigValues) -> dict[str, SecretKey]:
    """The Secret behind each variable that the configuration in use needs."""
    login = config.authentication
    found = {METRICS_TOKEN: config.hub.metrics.token} if config.hub.metrics.enabled else {}
    if login.type == "ldap":
        return found | {LDAP_PASSWORD: login.ldap.search_password}
    applications = {"github": login.github, "oidc": login.oidc, "google": login.google}
    return found | (
        {CLIENT_SECRET: applications[login.type].client_secret} if login.type in applications else {}
    )


def _ca_map(login: Authentication) -> str:
    return login.ldap.ca.config_map if login.type == "ldap" else ""


def _resources(cpu: str, memory: str) -> dict[str, Any]:
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": "2", "memory": memory}}
