"""Hub and proxy as Zero to JupyterHub runs them: labels, rights, mounts, variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.components.jupyterhub_config import z2jh
from generator.components.jupyterhub_config.values import JupyterHubConfigValues
from tests.machines.hub.platform import IMAGE, NAMESPACE

START = Path(__file__).with_name("start.py")
PROXY_TOKEN = "hub-proxy"
DATABASE = "hub-db"
RIGHTS = [
    {"apiGroups": [""], "resources": ["pods", "persistentvolumeclaims", "secrets", "services"],
     "verbs": ["get", "watch", "list", "create", "delete"]},
    {"apiGroups": [""], "resources": ["events"], "verbs": ["get", "watch", "list"]},
]  # fmt: skip
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "runAsUser": 1000,
    "seccompProfile": {"type": "RuntimeDefault"},
}
PATIENT = {"periodSeconds": 1, "timeoutSeconds": 20, "failureThreshold": 10}
"""The hub may stand still for seconds where machines share two cores."""
SIZE = {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"cpu": "2", "memory": "1Gi"}}


def hub(config: JupyterHubConfigValues) -> list[dict[str, Any]]:
    """The hub: what it mounts and is told are z2jh's values that we generate."""
    said = z2jh.hub(config)
    volumes = [
        *said["extraVolumes"],
        {"name": "start", "configMap": {"name": "hub-start"}},
        {"name": "db", "persistentVolumeClaim": {"claimName": DATABASE}},
    ]
    mounts = [
        *said["extraVolumeMounts"],
        {"name": "start", "mountPath": "/etc/hub"},
        {"name": "db", "mountPath": "/srv/jupyterhub"},
    ]
    env = [{"name": name, **value} for name, value in said["extraEnv"].items()]
    container = {
        "name": "hub",
        "image": IMAGE,
        "imagePullPolicy": "Never",
        "args": ["-m", "jupyterhub", "--config=/etc/hub/start.py"],
        "workingDir": "/srv/jupyterhub",
        "env": [*env, _token("CONFIGPROXY_AUTH_TOKEN"), _field("POD_NAMESPACE", "metadata.namespace")],
        "volumeMounts": mounts,
        "readinessProbe": {"httpGet": {"path": "/hub/health", "port": 8081}, **PATIENT},
    }
    spec = {"serviceAccountName": "hub", "containers": [container], "volumes": volumes}
    return [
        _made("v1", "ConfigMap", "hub-start", data={"start.py": START.read_text()}),
        _made("v1", "ServiceAccount", "hub"),
        _made("rbac.authorization.k8s.io/v1", "Role", "hub", rules=RIGHTS),
        _made("rbac.authorization.k8s.io/v1", "RoleBinding", "hub",
              roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "hub"},
              subjects=[{"kind": "ServiceAccount", "name": "hub", "namespace": NAMESPACE}]),
        _service("hub", {"hub": 8081}),
        _deployment("hub", spec, said["annotations"]),
    ]  # fmt: skip


def proxy() -> list[dict[str, Any]]:
    """The proxy, by the Python package that answers as configurable-http-proxy does."""
    container = {
        "name": "proxy",
        "image": IMAGE,
        "imagePullPolicy": "Never",
        "args": ["/usr/local/bin/configurable-http-proxy", "--ip=0.0.0.0", "--port=8000", "--api-ip=0.0.0.0",
                 "--api-port=8001", "--error-target=http://hub:8081/hub/error"],
        "env": [_token("CONFIGPROXY_AUTH_TOKEN")],
        "readinessProbe": {"tcpSocket": {"port": 8001}, "periodSeconds": 1},
    }  # fmt: skip
    return [
        _service("proxy", {"http": 8000, "api": 8001}),
        _deployment("proxy", {"containers": [container]}, {}),
    ]


def secret(name: str, **data: str) -> dict[str, Any]:
    """A Secret of the hub's namespace."""
    return _made("v1", "Secret", name, stringData=data)


def config_map(name: str, **data: str) -> dict[str, Any]:
    """A ConfigMap of the hub's namespace."""
    return _made("v1", "ConfigMap", name, data=data)


def browser() -> dict[str, Any]:
    """A pod to ask from: no machine's name service knows the cluster's names."""
    container = {
        "name": "browser",
        "image": IMAGE,
        "imagePullPolicy": "Never",
        "args": ["-c", "import time; time.sleep(10**6)"],
        "securityContext": RESTRICTED,
        "resources": SIZE,
    }
    return _made("v1", "Pod", "browser", spec={"containers": [container], "terminationGracePeriodSeconds": 0})


def _deployment(name: str, spec: dict[str, Any], annotations: dict[str, str]) -> dict[str, Any]:
    labels = {"app": "jupyterhub", "component": name}
    for container in spec["containers"]:
        container |= {"securityContext": RESTRICTED, "resources": SIZE}
    pod = {
        "metadata": {"labels": labels, "annotations": annotations},
        "spec": {**spec, "securityContext": {"fsGroup": 1000}, "terminationGracePeriodSeconds": 5},
    }
    whole = {"selector": {"matchLabels": labels}, "strategy": {"type": "Recreate"}, "template": pod}
    return _made("apps/v1", "Deployment", name, spec=whole)


def _service(name: str, ports: dict[str, int]) -> dict[str, Any]:
    listed = [{"name": port, "port": number} for port, number in ports.items()]
    spec = {"selector": {"app": "jupyterhub", "component": name}, "ports": listed}
    return _made("v1", "Service", name, spec=spec)


def _made(version: str, kind: str, name: str, **parts: Any) -> dict[str, Any]:
    labels = {"app": "jupyterhub", "component": name}
    meta = {"name": name, "namespace": NAMESPACE, "labels": labels}
    return {"apiVersion": version, "kind": kind, "metadata": meta, **parts}


def _token(variable: str) -> dict[str, Any]:
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": PROXY_TOKEN, "key": "token"}}}


def _field(variable: str, path: str) -> dict[str, Any]:
    return {"name": variable, "valueFrom": {"fieldRef": {"fieldPath": path}}}
