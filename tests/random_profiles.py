"""Random profiles that are valid by construction, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Draw = st.DrawFn

_NAMES = (
    "vision",
    "audio",
    "arl",
    "bio",
    "robots",
    "x1",
    "a-b-c",
    "team-with-a-rather-long-name-for-a-namespace",
)
_PRODUCTS = ("Tesla-T4", "NVIDIA-A100-SXM4-80GB", "RTX_4090")


@st.composite
def profiles(draw: Draw) -> dict[str, Any]:
    """A valid profile as plain data: every section that has a chart, with all kinds of fields."""
    nodes = draw(_nodes())
    teams = draw(st.lists(st.sampled_from(_NAMES), unique=True, max_size=4))
    classes = draw(_classes())
    volumes = draw(_volumes(nodes, teams, classes))
    profile: dict[str, Any] = {"name": draw(st.sampled_from(("lab", "p", "platform-2"))), "nodes": nodes}
    profile["gpu"] = draw(_gpu())
    profile["teams"] = [draw(_team(name)) for name in teams]
    profile["storage"] = {"classes": classes, "volumes": volumes}
    if draw(st.booleans()) and classes:
        profile["storage"]["default"] = draw(st.sampled_from(sorted(classes)))
    if draw(st.booleans()):
        profile["pullSecrets"] = draw(st.lists(st.sampled_from(("arlregcred", "other")), unique=True))
    if draw(st.booleans()):
        profile["registry"] = draw(st.sampled_from(("harbor.example.org", "harbor.example.org:5000/hub")))
    if draw(st.booleans()):
        profile["cluster"] = {"deployer": draw(st.sampled_from(({}, {"clusterAdmin": True}, {"name": "ci"})))}
    if draw(st.integers(0, 9)):
        profile["dask"] = draw(_dask(nodes, teams, volumes, profile["gpu"]))
    return profile


@st.composite
def _nodes(draw: Draw) -> list[dict[str, Any]]:
    head: dict[str, Any] = {
        "name": "head",
        "role": "control-plane",
        "schedulable": True,
        "cpu": 16,
        "memory": "64Gi",
    }
    head["purposes"] = draw(st.lists(st.sampled_from(("system", "build")), unique=True))
    nodes = [head]
    for index in range(draw(st.integers(0, 3))):
        node: dict[str, Any] = {"name": f"node-{index}", "address": f"192.168.11.{20 + index}"}
        node |= {"cpu": draw(st.sampled_from((8, 64))), "memory": draw(st.sampled_from(("32Gi", "124Gi")))}
        if draw(st.booleans()):
            product = draw(st.sampled_from(_PRODUCTS))
            node["gpus"] = {"product": product, "count": draw(st.integers(1, 8))}
        if draw(st.booleans()):
            node["labels"] = {"example.org/rack": draw(st.sampled_from(("a1", "b.2", "")))}
        nodes.append(node)
    return nodes


@st.composite
def _gpu(draw: Draw) -> dict[str, Any]:
    strategy = draw(st.sampled_from(("none", "time-slicing", "mps")))
    sharing: dict[str, Any] = {"strategy": strategy}
    if strategy != "none":
        sharing |= {"replicas": draw(st.integers(2, 8)), "rename": draw(st.booleans())}
    advertised = draw(st.sampled_from(("gpu-operator", "device-plugin")))
    return {"advertisedBy": advertised, "sharing": sharing, "defaultRuntime": draw(st.booleans())}


@st.composite
def _team(draw: Draw, name: str) -> dict[str, Any]:
    team: dict[str, Any] = {"name": name}
    if draw(st.booleans()):
        team["members"] = {
            "users": draw(st.lists(st.sampled_from(("ada@example.org", "bob", "system:x")), unique=True)),
            "groups": draw(st.lists(st.sampled_from(("ml", "cn=ml,dc=example,dc=org")), unique=True)),
            "role": draw(st.sampled_from(("view", "edit", "admin"))),
        }
    if draw(st.booleans()):
        team["quota"] = {
            "cpu": 512,
            "memory": "2Ti",
            "gpus": 64,
            "storage": "10Ti",
            "claims": 20,
            "pods": 200,
        }
        dropped = draw(st.sampled_from(("cpu", "memory", "gpus", "storage", "claims", "pods")))
        del team["quota"][dropped]
    if draw(st.booleans()):
        team["network"] = {"internet": draw(st.booleans()), "allowFrom": ["monitoring"]}
    if draw(st.booleans()):
        team["pullSecrets"] = ["team-registry"]
    team["podSecurity"] = draw(st.sampled_from(("restricted", "baseline", "privileged")))
    return team


@st.composite
def _classes(draw: Draw) -> dict[str, Any]:
    known = {
        "nfs": {"type": "nfs", "server": "head", "share": "/export"},
        "smb": {"type": "smb", "source": "//nas/share", "secret": {"name": "nas"}},
        "longhorn": {"type": "longhorn", "replicas": 1},
        "local-path": {"type": "local-path"},
        "ceph": {"type": "csi", "provisioner": "rbd.csi.ceph.com", "parameters": {"pool": "k8s"}},
        "there": {"type": "existing"},
    }
    return {name: known[name] for name in draw(st.lists(st.sampled_from(sorted(known)), unique=True))}


_SOURCES: dict[str, dict[str, Any]] = {
    "nfs": {"nfs": {"server": "192.168.11.9", "path": "/data"}, "mountOptions": ["nfsvers=4.1"]},
    "nfs-csi": {"nfs": {"server": "head", "path": "/data", "csi": True}},
    "smb": {"smb": {"source": "//nas/data", "secret": {"name": "nas"}}},
    "csi": {"csi": {"driver": "cephfs.csi.ceph.com", "volumeHandle": "v1", "attributes": {"fsName": "lab"}}},
    "local": {"local": {"node": "head", "path": "/mnt/nvme"}},
    "hostPath": {"hostPath": {"path": "/data", "create": True}},
    "iscsi": {"iscsi": {"portal": "192.168.11.2:3260", "iqn": "iqn.2004-04.com.example:s", "lun": 3}},
    "source": {"source": {"fc": {"targetWWNs": ["500a0982991b8dc5"], "lun": 2}}},
}


@st.composite
def _volumes(
    draw: Draw, nodes: list[dict[str, Any]], teams: list[str], classes: dict[str, Any]
) -> dict[str, Any]:
    volumes: dict[str, Any] = {}
    for index in range(draw(st.integers(0, 4))):
        kinds = [*_SOURCES, *(["class"] if classes else [])]
        kind = draw(st.sampled_from(kinds))
        source = {"class": draw(st.sampled_from(sorted(classes)))} if kind == "class" else _SOURCES[kind]
        claim: dict[str, Any] = {"name": f"claim-{index}"}
        if draw(st.booleans()) and teams:
            claim["team"] = draw(st.sampled_from(teams))
        volume = {"size": draw(st.sampled_from(("1Gi", "1.5Ti", "500M"))), **source, "claim": claim}
        volume["reclaimPolicy"] = draw(st.sampled_from(("Retain", "Delete")))
        volumes[f"volume-{index}"] = volume
    return volumes


@st.composite
def _dask(
    draw: Draw, nodes: list[dict[str, Any]], teams: list[str], volumes: dict[str, Any], gpu: dict[str, Any]
) -> dict[str, Any]:
    team: str | None = draw(st.sampled_from([None, *teams]))
    here = sorted(name for name, volume in volumes.items() if volume["claim"].get("team") == team)
    purposes = ["worker", "any", *nodes[0]["purposes"]]
    dask: dict[str, Any] = {"service": draw(st.sampled_from(("ClusterIP", "NodePort", "LoadBalancer")))}
    if team:
        dask["team"] = team
    workers = draw(_group(nodes, purposes))
    names = draw(st.lists(st.sampled_from(("gpu", "big", "a-group-of-long-name")), unique=True))
    workers["groups"] = {name: draw(_group(nodes, purposes)) for name in names}
    dask["workers"] = workers
    dask["notebook"] = {"enabled": draw(st.booleans()), "cpu": "1.5", "memory": "2Gi"}
    if draw(st.booleans()):
        dask["image"] = "registry.example.org/arl/arl_img:1b47647d"
    if here:
        chosen = draw(st.lists(st.sampled_from(here), unique=True))
        dask["volumes"] = [
            {"volume": name, "mountPath": f"/arl/{name}", "readOnly": draw(st.booleans())} for name in chosen
        ]
    return dask


@st.composite
def _group(draw: Draw, nodes: list[dict[str, Any]], purposes: list[str]) -> dict[str, Any]:
    group: dict[str, Any] = {
        "replicas": draw(st.integers(0, 5)),
        "cpu": draw(st.sampled_from((1, 0.5, "250m", "2"))),
        "memory": draw(st.sampled_from(("512Mi", "1Gi", "1500M"))),
        "placement": draw(st.sampled_from(purposes)),
    }
    if draw(st.booleans()):
        group["autoscale"] = {"min": 1, "max": draw(st.integers(1, 5))}
    if draw(st.booleans()):
        group["threads"] = draw(st.integers(1, 4))
    if any("gpus" in node for node in nodes) and group["placement"] in ("worker", "any"):
        group["gpus"] = draw(st.integers(0, 1))
    return group
