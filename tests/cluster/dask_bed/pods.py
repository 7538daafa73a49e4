"""From rendered manifests to what `inside.py` starts: the kubelet's part, as far as it matters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tests.render.dask_chart import Rendered

Texts = dict[str, str]


@dataclass(frozen=True)
class Mount:
    """A volume at a path; `kind` is empty, memory, claim or files, `name` tells volumes apart."""

    path: str
    name: str
    kind: str
    read_only: bool
    files: Texts


@dataclass(frozen=True)
class Pod:
    """One pod with one container; `probe` is port and path, port 0 for none."""

    name: str
    address: str
    argv: list[str]
    env: Texts
    workdir: str
    uid: int
    gid: int
    mounts: list[Mount]
    probe: tuple[int, str]
    pre_stop: list[str]

    def as_json(self) -> dict[str, Any]:
        """What is handed to `inside.py`."""
        return asdict(self)


@dataclass(frozen=True)
class Kubelet:
    """What pods refer to by name: ConfigMaps of the rendering, Secrets with their keys."""

    rendered: Rendered
    secrets: Mapping[str, Texts]

    def pod(self, component: str, address: str) -> Pod:
        """The pod of a component, named after it."""
        spec, container = self.rendered.pod(component), self.rendered.container(component)
        env = self._env(component)
        words = [*container["command"], *container.get("args", [])]
        mounts = self.rendered.mounts(component).values()
        return Pod(
            name=component,
            address=address,
            argv=[_expand(word, env) for word in words],
            env=env,
            workdir=container.get("workingDir", "/"),
            uid=spec["securityContext"]["runAsUser"],
            gid=spec["securityContext"]["runAsGroup"],
            mounts=[self._mount(component, mount) for mount in mounts],
            probe=_probe(container),
            pre_stop=container.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command", []),
        )

    def _env(self, component: str) -> Texts:
        env: Texts = {}
        for name, value in self.rendered.env(component).items():
            match value:
                case {"fieldRef": {"fieldPath": "metadata.name"}}:
                    env[name] = component
                case {"secretKeyRef": {"name": secret, "key": key}}:
                    env[name] = self.secrets[secret][key]
                case str():
                    env[name] = value
                case _:
                    raise ValueError(f"{name}: {value}")
        return env

    def _mount(self, component: str, mount: Mapping[str, Any]) -> Mount:
        kind, name, files = self._volume(component, mount["volume"])
        return Mount(mount["mountPath"], name, kind, mount.get("readOnly", False), files)

    def _volume(self, component: str, volume: Mapping[str, Any]) -> tuple[str, str, Texts]:
        match volume:
            case {"emptyDir": {"medium": "Memory"}}:
                return "memory", "", {}
            case {"emptyDir": _}:
                return "empty", f"{component}-{volume['name']}", {}
            case {"persistentVolumeClaim": {"claimName": claim}}:
                return "claim", claim, {}
            case {"configMap": {"name": config}}:
                return "files", config, self._config(config)
            case {"secret": {"secretName": secret}}:
                return "files", secret, dict(self.secrets[secret])
        raise ValueError(f"no such volume here: {volume}")

    def _config(self, name: str) -> Texts:
        maps = self.rendered.kind("ConfigMap").values()
        data: Texts = next(each["data"] for each in maps if each["metadata"]["name"] == name)
        return data


def _expand(word: str, env: Texts) -> str:
    return re.sub(r"\$\((\w+)\)", lambda match: env[match[1]], word)


def _probe(container: Mapping[str, Any]) -> tuple[int, str]:
    if "startupProbe" not in container:
        return 0, ""
    gets = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")]
    assert gets[0] == gets[1] == gets[2]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    return ports[gets[0]["port"]], gets[0]["path"]
