"""From a profile to the values of the chart jupyterhub-config."""

from __future__ import annotations

from typing import Any

import pytest

from generator.checking import check_bytes
from generator.components.dask.build import build as build_dask
from generator.components.jupyterhub_config import build
from generator.components.jupyterhub_config.values import JupyterHubConfigValues
from generator.output.yaml_text import dump

SECRET = {"name": "oauth", "key": "client-secret"}
BASE: dict[str, Any] = {
    "name": "lab",
    "nodes": [{"name": "head", "role": "control-plane", "cpu": 8, "memory": "32Gi"}],
    "auth": {"ldap": {"server": "nas", "searchBase": "dc=example"}, "allowAll": True, "admins": ["ada"]},
    "jupyterhub": {},
}


def built(**sections: Any) -> JupyterHubConfigValues:
    checked = check_bytes(dump({**BASE, **sections}).encode(), "lab.yaml")
    assert checked.profile is not None, checked.diagnostics
    return build(checked.profile)


def oidc(issuer: str, **more: Any) -> dict[str, Any]:
    provider = {"issuer": issuer, "clientId": "lab", "clientSecret": SECRET, **more}
    return {"oidc": provider, "admins": ["ada"]}


@pytest.mark.parametrize(
    ("issuer", "more", "token"),
    [
        ("https://id/realms/lab", {}, "https://id/realms/lab/protocol/openid-connect/token"),
        ("https://lab.okta.com/oauth2/default", {}, "https://lab.okta.com/oauth2/default/v1/token"),
        ("https://id/dex/", {}, "https://id/dex/token"),
        ("https://id", {"provider": "dex"}, "https://id/token"),
    ],
)
def test_addresses_of_known_products(issuer: str, more: dict[str, str], token: str) -> None:
    assert built(auth=oidc(issuer, **more)).authentication.oidc.token_url == token


def test_addresses_that_are_written_win() -> None:
    names = ("authorizationEndpoint", "tokenEndpoint", "userinfoEndpoint")
    written = {name: f"https://id/{name}" for name in names}
    found = built(auth=oidc("https://id/realms/lab", endpoints=written)).authentication.oidc
    assert found.token_url == "https://id/tokenEndpoint"


def test_a_login_service_comes_back_to_the_hubs_page() -> None:
    network = {"domain": "lab.example.org", "tls": {"issuer": "self-signed"}}
    auth = oidc("https://id/dex")
    assert built(auth=auth).authentication.oidc.callback_url == ""
    found = built(auth=auth, network=network).authentication.oidc
    assert found.callback_url == "https://hub.lab.example.org/hub/oauth_callback"


def test_sizes_become_a_title_and_a_node_a_selector() -> None:
    hub = {"profiles": [{"name": "big", "cpu": 4, "memory": "8Gi", "node": "head"}]}
    (choice,) = built(jupyterhub=hub).notebook.choices
    assert choice.title == "big: 4 CPU, 8Gi memory"
    assert choice.node_selector == {"kubernetes.io/hostname": "head"}


def test_homes_in_a_volume_on_a_squashed_export_are_left_as_they_are() -> None:
    nfs = {"server": "nas", "path": "/homes", "rootSquash": True}
    storage = {"volumes": {"homes": {"size": "1Ti", "nfs": nfs}}}
    notebook = built(storage=storage, jupyterhub={"home": {"volume": "homes"}}).notebook
    assert (notebook.home.kind, notebook.home.claim, notebook.user.fs_group) == ("claim", "homes", 0)
    assert built().notebook.user.fs_group == 100


def test_the_culler_looks_several_times_before_a_notebook_is_due() -> None:
    culling = built(jupyterhub={"idleTimeout": "30m", "limits": {"maxAge": "7d"}}).hub.culling
    assert (culling.idle_seconds, culling.every_seconds, culling.max_age_seconds) == (1800, 300, 7 * 86400)


def test_notebooks_and_dask_let_each_other_through() -> None:
    teams = [{"name": "vision"}, {"name": "hub"}]
    sections = {"teams": teams, "dask": {"team": "vision"}, "jupyterhub": {"team": "hub"}}
    (peer,) = built(**sections).network_policy.egress.values()
    assert peer.namespace == "vision"
    profile = check_bytes(dump({**BASE, **sections}).encode(), "lab.yaml").profile
    assert profile
    values = build_dask(profile)
    (client,) = values.network_policy.clients.values()
    assert client.namespace_labels == {"kubernetes.io/metadata.name": "hub"}


def test_without_a_hub_there_is_no_chart() -> None:
    checked = check_bytes(dump({k: v for k, v in BASE.items() if k != "jupyterhub"}).encode(), "lab.yaml")
    assert checked.profile
    assert build(checked.profile).enabled is False
