"""Notebooks as pods: choices of hardware, volumes, nodes, Pod Security `restricted`."""

from labhelm_hub.quantities import bytes_of, cores

RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def configure(c, settings):
    """Set KubeSpawner; what z2jh's own values say beside it stays."""
    notebook, spawner = settings["notebook"], c.KubeSpawner
    c.JupyterHub.spawner_class = "kubespawner.KubeSpawner"
    if notebook["image"]:
        spawner.image = notebook["image"]
        spawner.image_pull_policy = notebook["pullPolicy"]
    if settings["pullSecrets"]:
        spawner.image_pull_secrets = settings["pullSecrets"]
    spawner.start_timeout = notebook["startTimeoutSeconds"]
    spawner.environment = {**already(spawner, "environment"), **notebook["environment"]}
    if notebook["defaultUrl"]:
        c.Spawner.default_url = notebook["defaultUrl"]
    _user(spawner, notebook["user"])
    _volumes(spawner, notebook)
    _nodes(spawner, notebook["placement"], settings["nodeLabels"])
    if notebook["choices"]:
        spawner.profile_list = profile_list(notebook["choices"], settings["gpu"])


def already(section, name):
    """A map that was set before, such as by z2jh; traitlets gives a place holder for one that was not."""
    value = section[name] if name in section else {}  # noqa: SIM401 - `get` of traitlets makes a place holder
    return dict(value) if isinstance(value, dict) else {}


def _user(spawner, user):
    spawner.uid = user["runAsUser"]
    spawner.gid = user["runAsGroup"]
    spawner.fs_gid = user["fsGroup"] or None
    spawner.container_security_context = RESTRICTED
    # A volume with many files is not walked through at each start.
    spawner.pod_security_context = {"fsGroupChangePolicy": "OnRootMismatch"} if user["fsGroup"] else {}


def _volumes(spawner, notebook):
    volumes, mounts = already(spawner, "volumes"), already(spawner, "volume_mounts")
    claims = {}
    for name, volume in notebook["volumes"].items():
        # One claim mounted twice is one volume.
        source = claims.setdefault(volume["claim"], f"volume-{name}")
        volumes[source] = {"name": source, "persistentVolumeClaim": {"claimName": volume["claim"]}}
        mounts[name] = mount(source, volume)
    if notebook["sharedMemory"]:
        memory = {"medium": "Memory", "sizeLimit": notebook["sharedMemory"]}
        volumes["shared-memory"] = {"name": "shared-memory", "emptyDir": memory}
        mounts["shared-memory"] = {"name": "shared-memory", "mountPath": "/dev/shm"}
    spawner.volumes, spawner.volume_mounts = volumes, mounts


def mount(source, volume):
    """A mount in Kubernetes' words."""
    found = {"name": source, "mountPath": volume["mountPath"], "readOnly": volume.get("readOnly", False)}
    return {**found, "subPath": volume["subPath"]} if volume.get("subPath") else found


def _nodes(spawner, placement, labels):
    """As all charts of the platform do: `worker` prefers nodes without the system label."""
    if placement == "any":
        return
    label = labels["build" if placement == "build" else "system"]
    operator = "NotIn" if placement == "worker" else "In"
    term = {"matchExpressions": [{"key": label["key"], "operator": operator, "values": [label["value"]]}]}
    if placement == "worker":
        spawner.node_affinity_preferred = [{"weight": 100, "preference": term}]
    else:
        spawner.node_affinity_required = [term]


def profile_list(choices, gpu):
    """KubeSpawner's own list; the first is the default."""
    return [
        {
            "slug": choice["name"],
            "display_name": choice.get("title") or choice["name"],
            "description": choice.get("description", ""),
            "default": index == 0,
            "kubespawner_override": override(choice, gpu),
        }
        for index, choice in enumerate(choices)
    ]


def override(choice, gpu):
    """What one choice sets."""
    found = {**_sizes(choice), "node_selector": choice.get("nodeSelector", {})}
    if choice.get("image"):
        found["image"] = choice["image"]
        found["image_pull_policy"] = choice["pullPolicy"]
    if choice.get("tolerations"):
        found["tolerations"] = [{k: v for k, v in one.items() if v} for one in choice["tolerations"]]
    if choice.get("gpus"):
        found["extra_resource_limits"] = {gpu["resourceName"]: str(choice["gpus"])}
        if gpu["runtimeClassName"]:
            found["extra_pod_config"] = {"runtimeClassName": gpu["runtimeClassName"]}
    return found


def _sizes(choice):
    cpu, memory = choice.get("cpu"), choice.get("memory")
    set_aside = choice.get("cpuRequest") or cpu, choice.get("memoryRequest") or memory
    found = {
        "cpu_limit": cores(cpu),
        "mem_limit": bytes_of(memory),
        "cpu_guarantee": cores(set_aside[0]),
        "mem_guarantee": bytes_of(set_aside[1]),
    }
    return {name: value for name, value in found.items() if value}
