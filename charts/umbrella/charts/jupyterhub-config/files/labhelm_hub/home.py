"""Homes: a claim for each user, or a folder for each user in one claim."""

from labhelm_hub.notebook import already

HOME = "home"
PLACE = "/all-homes"
SMALL = {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"cpu": "100m", "memory": "64Mi"}}


def configure(c, notebook):
    """Set where homes are and how they come to be."""
    home, spawner = notebook["home"], c.KubeSpawner
    # Also over z2jh's value, and KubeSpawner's own: files outlive notebooks and users.
    spawner.storage_pvc_ensure = home["kind"] == "class"
    spawner.delete_pvc = False
    if home["kind"] == "none":
        return
    # Jupyter shows the folder that it starts in.
    spawner.working_dir = home["mountPath"]
    claim, path = "{pvc_name}", {"name": HOME, "mountPath": home["mountPath"]}
    if home["kind"] == "class":
        spawner.storage_capacity = home["size"]
        spawner.storage_access_modes = home["accessModes"]
        if home["className"]:
            spawner.storage_class = home["className"]
    else:
        claim, path = home["claim"], {**path, "subPath": home["folder"]}
        spawner.modify_pod_hook = make_folder
    volume = {"name": HOME, "persistentVolumeClaim": {"claimName": claim}}
    spawner.volumes = {**already(spawner, "volumes"), HOME: volume}
    spawner.volume_mounts = {**already(spawner, "volume_mounts"), HOME: path}


def make_folder(spawner, pod):  # noqa: ARG001 - KubeSpawner gives both
    """Let the notebook's own user make its folder first: the kubelet would make it root's, or fail to.

    On an export that squashes root the kubelet may make nothing; elsewhere the user could not write.
    """
    notebook = pod.spec.containers[0]
    folder = next(_get(m, "subPath", "sub_path") for m in notebook.volume_mounts if _get(m, "name") == HOME)
    context = notebook.security_context
    made = {
        "name": "make-home",
        "image": notebook.image,
        "imagePullPolicy": notebook.image_pull_policy,
        "command": ["mkdir", "-p", f"{PLACE}/{folder}"],
        "securityContext": context,
        "resources": SMALL,
        "volumeMounts": [{"name": HOME, "mountPath": PLACE}],
    }
    pod.spec.init_containers = [*(pod.spec.init_containers or []), made]
    return pod


def _get(mount, *names):
    """A field of a map in Kubernetes' words, or of an object of the client."""
    if isinstance(mount, dict):
        return next((mount[name] for name in names if name in mount), None)
    return next((getattr(mount, name) for name in names if hasattr(mount, name)), None)
