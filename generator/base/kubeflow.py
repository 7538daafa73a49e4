"""Kubeflow: its own manifests at a pinned commit, with Istio, dex and oauth2-proxy, and our patches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.base import dex
from generator.base.model import Crds, Entry, Namespace, Objects, Remote, SecretWish, Values, Webhook
from generator.base.waves import KUBEFLOW
from generator.output.yaml_text import dump

if TYPE_CHECKING:
    from generator.profile.model import Profile

NAMESPACE = "kubeflow"
PROXY = "oauth2-proxy"
REPOSITORY = "https://github.com/kubeflow/manifests"
VERSION, COMMIT = "v1.11.0", "854bd3a21044f767204def71b2dcda83e376891f"
PATHS = (
    "common/cert-manager/kubeflow-issuer/base",
    "common/istio/istio-crds/base",
    "common/istio/istio-namespace/base",
    "common/istio/istio-install/overlays/oauth2-proxy",
    "common/oauth2-proxy/overlays/m2m-dex-only",
    "common/dex/overlays/oauth2-proxy",
    "common/kubeflow-namespace/base",
    "common/kubeflow-roles/base",
    "common/istio/kubeflow-istio-resources/base",
    "applications/pipeline/upstream/env/cert-manager/platform-agnostic-multi-user",
    "applications/centraldashboard/overlays/oauth2-proxy",
    "applications/admission-webhook/upstream/overlays/cert-manager",
    "applications/jupyter/jupyter-web-app/upstream/overlays/istio",
    "applications/jupyter/notebook-controller/upstream/overlays/kubeflow",
    "applications/profiles/pss",
    "applications/pvcviewer-controller/upstream/base",
    "applications/volumes-web-app/upstream/overlays/istio",
    "applications/tensorboard/tensorboard-controller/upstream/overlays/kubeflow",
    "applications/tensorboard/tensorboards-web-app/upstream/overlays/istio",
)
"""Without cert-manager, which is an entry of its own, and without serving and Spark."""
_KNOWN_PASSWORDS = (
    ("oauth2-proxy", PROXY),
    ("dex-oidc-client", dex.NAMESPACE),
    ("dex-passwords", dex.NAMESPACE),
)


def patches(profile: Profile) -> list[Values]:
    """What our profile changes in the upstream's manifests."""
    out = [
        *(_deleted("Secret", name, namespace) for name, namespace in _KNOWN_PASSWORDS),
        _patch(
            "ConfigMap", "dex", dex.NAMESPACE, {"data": {"config.yaml": dump(dex.configuration(profile))}}
        ),
        _patch("Deployment", "dex", dex.NAMESPACE, _pod("dex", _dex_container(profile))),
        _patch("Deployment", "oauth2-proxy", PROXY, _pod("oauth2-proxy", {"env": _proxy_environment()})),
        _issuer_of_tokens(),
        _patch("Deployment", "centraldashboard", NAMESPACE, _pod("centraldashboard", _registration(profile))),
    ]
    if profile.kubeflow and profile.kubeflow.entry == "istio":
        kind = "LoadBalancer" if profile.network.load_balancer else "NodePort"
        out.append(_patch("Service", "istio-ingressgateway", "istio-system", {"spec": {"type": kind}}))
        # The umbrella's chart `network` has it, with certificate.
        out.append(_deleted("Gateway", "kubeflow-gateway", NAMESPACE))
    return out


def components(profile: Profile) -> Values:
    """Further parts of the kustomization: cookies only over HTTPS, where pages have it."""
    secure = "true" if profile.network.tls else "false"
    generated = {"name": "oauth2-proxy-parameters", "namespace": PROXY, "behavior": "merge"}
    return {"configMapGenerator": [{**generated, "literals": [f"FORCE_HTTPS={secure}"]}]}


def _dex_container(profile: Profile) -> Values:
    """`envFrom` is replaced whole: the upstream's has a known password."""
    secrets = [{"secretRef": {"name": dex.CLIENT_SECRET}}]
    return {"envFrom": secrets, "env": dex.environment(profile)}


def _proxy_environment() -> list[Values]:
    """Variables win over oauth2_proxy.cfg, so the issuer is written once, by us."""
    return [
        {"name": "OAUTH2_PROXY_OIDC_ISSUER_URL", "value": dex.SERVER},
        {"name": "OAUTH2_PROXY_REDEEM_URL", "value": f"{dex.SERVER}/token"},
        {"name": "OAUTH2_PROXY_OIDC_JWKS_URL", "value": f"{dex.SERVER}/keys"},
    ]


def _issuer_of_tokens() -> Values:
    operation = [{"op": "replace", "path": "/spec/jwtRules/0/issuer", "value": dex.SERVER}]
    target = {"kind": "RequestAuthentication", "name": "dex-jwt", "namespace": "istio-system"}
    return {"target": target, "patch": dump(operation)}


def _registration(profile: Profile) -> Values:
    flow = "true" if profile.kubeflow and profile.kubeflow.registration_flow else "false"
    return {"env": [{"name": "REGISTRATION_FLOW", "value": flow}]}


def _pod(container: str, fields: Values) -> Values:
    return {"spec": {"template": {"spec": {"containers": [{"name": container, **fields}]}}}}


def _patch(kind: str, name: str, namespace: str, fields: dict[str, Any]) -> Values:
    versions = {"Deployment": "apps/v1", "Gateway": "networking.istio.io/v1alpha3"}
    metadata = {"name": name, "namespace": namespace}
    body = {"apiVersion": versions.get(kind, "v1"), "kind": kind, "metadata": metadata, **fields}
    return {"target": {"kind": kind, **metadata}, "patch": dump(body)}


def _deleted(kind: str, name: str, namespace: str) -> Values:
    return _patch(kind, name, namespace, {"$patch": "delete"})


def _secrets(profile: Profile) -> tuple[SecretWish, ...]:
    """dex and oauth2-proxy know the same password, each in its namespace."""
    made = SecretWish(
        dex.CLIENT_SECRET, {"OIDC_CLIENT_ID": dex.CLIENT, "OIDC_CLIENT_SECRET": ""}, namespace=dex.NAMESPACE
    )
    same = {"client-secret": (dex.NAMESPACE, dex.CLIENT_SECRET, "OIDC_CLIENT_SECRET")}
    keys = {"client-id": dex.CLIENT, "cookie-secret": ""}
    return (made, SecretWish(PROXY, keys, namespace=PROXY, copied=same), *_connector(profile))


def _connector(profile: Profile) -> tuple[SecretWish, ...]:
    """The provider's secret, which only the team can know; pods read Secrets of their own namespace only."""
    found = [one["valueFrom"]["secretKeyRef"] for one in dex.environment(profile)]
    return tuple(
        SecretWish(one["name"], {one["key"]: ""}, ask=True, namespace=dex.NAMESPACE) for one in found
    )


ENTRY = Entry(
    name="kubeflow",
    title="Kubeflow with Istio, dex and oauth2-proxy",
    source=Objects(
        remotes=tuple(Remote(REPOSITORY, path, VERSION, COMMIT) for path in PATHS),
        patches=patches,
        components=components,
    ),
    # Its manifests have their namespaces, with labels of their own.
    namespace=Namespace(NAMESPACE, "baseline", shared=True),
    wave=KUBEFLOW.number,
    licence="Apache-2.0",
    enabled=lambda profile: profile.kubeflow is not None,
    needs=("cert-manager", "metallb"),
    secrets=_secrets,
    ready=(
        Crds(("profiles.kubeflow.org", "poddefaults.kubeflow.org", "notebooks.kubeflow.org")),
        Webhook(
            "mutatingwebhookconfiguration/admission-webhook-mutating-webhook-configuration",
            "admission-webhook-service",
        ),
    ),
    timeout=1800,
    traps=(
        "No chart; some fifty images, named in ConfigMaps and arguments too: mirror their registries.",
        "The manifests have public client and cookie secrets and a known user: all of them are taken out.",
        "The issuer stands in three places, which must agree.",
        "Users are known by e-mail: an LDAP entry without `mail` cannot own a profile.",
        "Applied once it fails, as webhooks are not ready: it is applied until it works.",
        "Deleting the definition of Profiles deletes every profile's namespace.",
    ),
)
