"""The catalogue and what profiles make of it: order, namespaces, images, and that charts agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.base import CATALOGUE, nfs_subdir, platform
from generator.base.images import at
from generator.base.layer import Layer
from generator.base.model import Chart, Objects
from generator.base.names import PARTS
from generator.base.waves import WAVES
from generator.components.gpu_sharing.build import build as gpu_sharing
from generator.components.monitoring_labels import DASHBOARD_LABEL
from generator.components.network.build import build as network
from generator.components.storage.build import build as storage
from generator.machines import rancher
from generator.machines.cluster import site_of
from tests.unit.base.samples import REGISTRY, layers, profiles, recorded


def test_every_entry_is_needed_by_some_profile() -> None:
    used = {one.key for layer in layers().values() for one in layer.releases}
    assert {entry.name for entry in CATALOGUE} - used == set()
    assert "nfs-subdir-old" in used


def test_every_entry_is_pinned_and_says_what_people_fall_into() -> None:
    for entry in CATALOGUE:
        assert all((entry.licence, entry.title, entry.traps)), entry.name
        assert entry.wave in {wave.number for wave in WAVES}, entry.name
        if isinstance(entry.source, Chart):
            assert entry.source.version.lstrip("v")[0].isdigit(), entry.name
        if isinstance(entry.source, Objects):
            assert all(len(remote.commit) == 40 for remote in entry.source.remotes), entry.name


def test_the_names_that_rules_know_are_those_of_the_catalogue() -> None:
    own = {platform.RELEASE, platform.NODE_PREP}
    assert set(PARTS) == {entry.name for entry in CATALOGUE} - own


def test_needs_exist() -> None:
    known = {entry.name for entry in CATALOGUE}
    assert {name for entry in CATALOGUE for name in entry.needs} <= known
    for layer in layers().values():
        _needs_come_before(layer)


def _needs_come_before(layer: Layer) -> None:
    order = [one.key for one in layer.releases]
    for one in layer.releases:
        assert all(order.index(name) < order.index(one.key) for name in one.needs), one.key
    assert [one.wave for one in layer.releases] == sorted(one.wave for one in layer.releases)


def test_a_namespace_has_one_level_and_is_made_first() -> None:
    for layer in layers().values():
        _one_level(layer)


def _one_level(layer: Layer) -> None:
    levels: dict[str, set[str]] = {}
    for one in layer.releases:
        if not one.namespace.shared:
            levels.setdefault(one.namespace.name, set()).add(one.namespace.level)
    assert all(len(found) == 1 for found in levels.values()), levels
    made = layer["namespaces"].manifests.get("namespaces.yaml", [])
    assert [one["metadata"]["name"] for one in made] == sorted(levels)


def test_with_a_registry_no_other_is_left() -> None:
    left = {
        image.reference
        for layer in layers().values()
        if layer.registry
        for one in layer.releases
        for image in one.images
        if not image.moved(layer.registry).startswith(f"{REGISTRY}/")
    }
    # It has no chart: rule BAS103 says so.
    assert left <= {"docker.io/kubeflow/training-operator:v1-93c5489"}


def test_images_are_those_of_the_recorded_values(upstream: Path) -> None:
    """What a registry replaces really is at its place in the upstream's values."""
    checked = 0
    for layer in layers().values():
        for one, _ in layer.charts():
            if not one.defaults:
                continue
            defaults = recorded(upstream, one.defaults)
            for image in one.images:
                if image.at and image.at not in one.optional:
                    found = _at(defaults, image.at)
                    # A chart writes its registry there, or leaves it to a default of its templates.
                    assert found in (image.text, None, "") or "staging" in found, (one.key, image.at, found)
                    checked += 1
    assert checked > 100


def _at(defaults: dict[str, Any], path: str) -> Any:
    try:
        return at(defaults, path)
    except KeyError:
        return f"there is no {path}"


def test_storage_classes_have_their_provisioners() -> None:
    by_driver = {
        "nfs.csi.k8s.io": "csi-driver-nfs",
        "smb.csi.k8s.io": "csi-driver-smb",
        "driver.longhorn.io": "longhorn",
        "rancher.io/local-path": "local-path-provisioner",
    }
    layer, profile = layers()["all"], profiles()["all"]
    keys = {one.key for one in layer.releases}
    for name, made in storage(profile).classes.items():
        expected = by_driver.get(made.provisioner, f"nfs-subdir-{name}")
        if expected != "local-path-provisioner":  # k3s keeps its own when it is the default
            assert expected in keys, made.provisioner
    subdir = layer["nfs-subdir-old"].values["storageClass"]
    assert subdir["provisionerName"] == storage(profile).classes["old"].provisioner
    assert nfs_subdir.entries(profiles()["lab"]) == ()


def test_one_place_makes_storage_classes() -> None:
    values = {one.key: one.values for one in layers()["all"].releases}
    assert values["longhorn"]["persistence"]["createStorageClass"] is False
    assert values["csi-driver-nfs"]["storageClass"]["create"] is False
    assert values["nfs-subdir-old"]["storageClass"]["create"] is False


def test_what_the_distribution_brings_is_not_installed_twice() -> None:
    """k3s' local-path is kept or replaced, never both; its Traefik and ServiceLB are off."""
    for name, layer in layers().items():
        keys, site = {one.key for one in layer.releases}, site_of(profiles()[name])
        assert not (rancher.keeps_local_path(profiles()[name]) and "local-path-provisioner" in keys), name
        if site is None or profiles()[name].cluster.distribution == "kubeadm":
            continue
        config = rancher.document(site, site.machines[0])
        off = {*config.get("disable", []), config.get("ingress-controller")}
        if keys & {"traefik", "ingress-nginx"}:
            assert off & {"traefik", "none"}, name
        if "metallb" in keys and profiles()[name].cluster.distribution == "k3s":
            assert "servicelb" in off, name
        if keys & {"flannel", "cilium", "tigera-operator"}:
            assert "none" in (config.get("cni"), config.get("flannel-backend")), name


def test_traefik_listens_where_the_gateway_expects_it() -> None:
    ports = layers()["all"]["traefik"].values["ports"]
    gateway = network(profiles()["all"]).gateway
    assert (ports["web"]["port"], ports["websecure"]["port"]) == (gateway.http_port, gateway.https_port)
    assert layers()["all"]["traefik"].values["gatewayClass"]["name"] == gateway.class_name


def test_the_way_in_is_where_the_network_policies_let_it_in_from() -> None:
    for name, key in (("all", "traefik"), ("envoy", "envoy-gateway"), ("bare", "ingress-nginx")):
        labels = network(profiles()[name]).network_policy.namespace_labels
        assert labels == {"kubernetes.io/metadata.name": layers()[name][key].namespace.name}


def test_the_gateway_class_of_envoy_is_the_one_that_the_gateway_names() -> None:
    made = layers()["envoy"]["envoy-gateway-class"].manifests["gatewayclass.yaml"][0]
    assert made["metadata"]["name"] == network(profiles()["envoy"]).gateway.class_name


@pytest.mark.parametrize("name", ["all", "envoy"])
def test_the_plugin_reads_the_configurations_of_our_chart(name: str) -> None:
    key = {"all": "nvidia-device-plugin", "envoy": "gpu-operator"}[name]
    release, values = layers()[name][key], gpu_sharing(profiles()[name])
    config = (release.values.get("devicePlugin") or release.values)["config"]
    assert config == {"name": values.config_map, "default": values.default_config}
    assert release.namespace.name == values.reader.namespace


def test_prometheus_takes_every_monitor_and_grafana_every_dashboard() -> None:
    stack = layers()["all"]["kube-prometheus-stack"].values
    nil = {key: value for key, value in stack["prometheus"]["prometheusSpec"].items() if "NilUses" in key}
    assert len(nil) == 5
    assert set(nil.values()) == {False}
    assert stack["grafana"]["sidecar"]["dashboards"]["label"] == DASHBOARD_LABEL
    assert stack["grafana"]["deploymentStrategy"] == {"type": "Recreate"}
    assert stack["grafana"]["initChownData"] == {"enabled": False}


def test_databases_are_not_on_nfs() -> None:
    stack = layers()["all"]["kube-prometheus-stack"].values
    assert stack["grafana"]["persistence"]["storageClassName"] in ("local", "replicated")
    hub = layers()["all"]["jupyterhub"].values["hub"]["db"]["pvc"]
    assert hub["storageClassName"] in ("local", "replicated")


def test_no_password_is_known() -> None:
    stack = layers()["all"]["kube-prometheus-stack"]
    assert stack.values["grafana"]["admin"]["existingSecret"] == stack.secrets[0].name
    own = layers()["envoy"]["kube-prometheus-stack"]
    assert own.values["grafana"]["admin"]["passwordKey"] == "password"
    assert [secret.name for secret in own.secrets] == ["mine"]
    assert layers()["all"]["rancher"].values["bootstrapPassword"] == ""


def test_copies_never_exceed_the_nodes() -> None:
    values = layers()["all"]["longhorn"].values
    assert values["persistence"]["defaultClassReplicaCount"] == 2 == len(profiles()["all"].nodes)


def test_the_hub_mounts_our_configuration() -> None:
    values = layers()["all"]["jupyterhub"].values
    names = {volume["name"] for volume in values["hub"]["extraVolumes"]}
    assert {mount["name"] for mount in values["hub"]["extraVolumeMounts"]} <= names
    assert values["proxy"]["service"]["type"] == "ClusterIP"


def test_what_the_cluster_has_already_is_left_alone() -> None:
    from generator.base.layer import layer_of

    profile = profiles()["all"]
    base = profile.base.model_copy(update={"installed": ["cert-manager", "traefik"]})
    keys = {one.key for one in layer_of(profile.model_copy(update={"base": base})).releases}
    assert {"cert-manager", "traefik"}.isdisjoint(keys)


def test_dex_has_no_known_password_and_one_issuer() -> None:
    release = layers()["kubeflow"]["kubeflow"]
    patches = {
        (one["target"]["kind"], one["target"]["name"]): yaml.safe_load(one["patch"])
        for one in release.patches
    }
    deleted = {name for (kind, name), patch in patches.items() if patch and "$patch" in patch}
    assert deleted == {"oauth2-proxy", "dex-oidc-client", "dex-passwords", "kubeflow-gateway"}
    config = yaml.safe_load(patches["ConfigMap", "dex"]["data"]["config.yaml"])
    assert "staticPasswords" not in config
    assert "enablePasswordDB" not in config
    proxy = _environment(patches["Deployment", "oauth2-proxy"])
    issuers = {
        config["issuer"],
        proxy["OAUTH2_PROXY_OIDC_ISSUER_URL"],
        patches["RequestAuthentication", "dex-jwt"][0]["value"],
    }
    assert len(issuers) == 1
    made = {(secret.namespace, secret.name): secret for secret in release.secrets}
    copied = made["oauth2-proxy", "oauth2-proxy"].copied["client-secret"]
    assert made[copied[:2]].keys[copied[2]] == ""
    assert made["auth", "oauth"].ask


def _environment(patch: dict[str, Any]) -> dict[str, str]:
    [container] = patch["spec"]["template"]["spec"]["containers"]
    return {one["name"]: one["value"] for one in container["env"]}


def test_kubeflow_has_an_address_and_a_registration_flow() -> None:
    release = layers()["kubeflow"]["kubeflow"]
    patches = {
        (one["target"]["kind"], one["target"]["name"]): yaml.safe_load(one["patch"])
        for one in release.patches
    }
    assert patches["Service", "istio-ingressgateway"]["spec"]["type"] == "LoadBalancer"
    assert _environment(patches["Deployment", "centraldashboard"]) == {"REGISTRATION_FLOW": "true"}
    assert release.components["configMapGenerator"][0]["literals"] == ["FORCE_HTTPS=true"]
