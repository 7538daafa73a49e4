"""Offline validation of manifests: kubeconform with schemas made from Kubernetes' own, and from CRDs.

kubeconform looks on the internet for schemas unless it is given a folder. That folder is made here: core
kinds from the API definitions that the package kubernetes-validate carries, custom resources
from CRD files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import yaml

from generator.cluster.runner import SystemRunner
from generator.toolchain import SilentProgress, ensure
from generator.toolchain.table import NEWEST, OLDEST

VERSIONS = (OLDEST, NEWEST)
Schema = dict[str, Any]
_DATA = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
_LOCATION = "{{.NormalizedKubernetesVersion}}/{{.ResourceKind}}{{.KindSuffix}}.json"


@dataclass(frozen=True)
class Conformity:
    """What kubeconform said: how many documents were right, and a line for each fault."""

    valid: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class KubernetesSchemas:
    """A folder of strict schemas: one subfolder for each Kubernetes version."""

    folder: Path

    def check(self, version: str, files: Sequence[Path]) -> Conformity:
        """Validate the documents of all `files` in one run; a kind without a schema is a fault."""
        program = ensure("kubeconform", runner=SystemRunner(), progress=SilentProgress())
        flags = ("-strict", "-verbose", "-output", "json", "-kubernetes-version", version)
        location = ("-schema-location", f"{self.folder}/{_LOCATION}")
        argv = (str(program), *flags, *location, *map(str, files))
        result = SystemRunner().run(argv, check=False, timeout=300)
        found = json.loads(result.stdout)["resources"]
        # An empty document has no status.
        faults = (_line(one) for one in found if one["status"] not in ("statusValid", ""))
        return Conformity(sum(one["status"] == "statusValid" for one in found), tuple(faults))

    def check_text(self, version: str, text: str) -> Conformity:
        """Validate the documents of a rendered stream."""
        file = self.folder / "text.yaml"
        file.write_text(text)
        return self.check(version, [file])


def make_schemas(folder: Path, crds: Path | None = None) -> KubernetesSchemas:
    """Write the schemas of every supported Kubernetes, and of the CRD files below `crds`."""
    custom = dict(_custom_schemas(crds)) if crds else {}
    for version in VERSIONS:
        place = folder / f"v{version}"
        place.mkdir(parents=True)
        for name, schema in (*_core_schemas(version), *custom.items()):
            (place / name).write_text(json.dumps(schema))
    return KubernetesSchemas(folder)


def _line(found: Mapping[str, str]) -> str:
    what = f"{Path(found['filename']).name}: {found['kind']} {found['name']}"
    return f"{what}: {found['status']}: {found['msg']}"


def _core_schemas(version: str) -> Iterator[tuple[str, Schema]]:
    major, minor, _ = version.split(".")
    text = (_DATA / f"v{major}.{minor}.0-local-strict" / "_definitions.json").read_text()
    definitions: dict[str, Schema] = json.loads(text)["$defs"]
    for name, definition in definitions.items():
        for kind in definition.get("x-kubernetes-group-version-kind", ()):
            yield _file_name(kind["kind"], kind["group"], kind["version"]), _whole(name, definitions)


def _file_name(kind: str, group: str, version: str) -> str:
    """As kubeconform asks for it: of the group only the first label."""
    return "-".join(filter(None, (kind.lower(), group.split(".")[0], version))) + ".json"


def _whole(name: str, definitions: Mapping[str, Schema]) -> Schema:
    """A definition with all that it refers to, so that the file stands alone."""
    needed, new = {name}, [name]
    while new:
        below = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(definitions[new.pop()]))) - needed
        needed |= below
        new += below
    return {"$ref": f"#/$defs/{name}", "$defs": {each: definitions[each] for each in sorted(needed)}}


def _custom_schemas(folder: Path) -> Iterator[tuple[str, Schema]]:
    for file in sorted(folder.rglob("*.yaml")):
        for crd in yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader):
            if crd and crd.get("kind") == "CustomResourceDefinition":
                yield from _crd_schemas(crd["spec"])


def _crd_schemas(spec: Schema) -> Iterator[tuple[str, Schema]]:
    for version in spec["versions"]:
        schema = _strict(version["schema"]["openAPIV3Schema"])
        text = {"type": "string"}
        own = {"apiVersion": text, "kind": text, "metadata": {"type": "object"}}
        schema["properties"] = {**schema.get("properties", {}), **own}
        yield _file_name(spec["names"]["kind"], spec["group"], version["name"]), schema


def _strict(schema: Any) -> Any:
    """JSON schema of a structural schema: keys that it does not know are refused, as kubectl does."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: _below(key, value) for key, value in schema.items() if key != "format"}
    if out.get("x-kubernetes-int-or-string"):
        out["type"] = ["integer", "string"]
    if out.get("x-kubernetes-embedded-resource"):
        out["x-kubernetes-preserve-unknown-fields"] = True
    if "properties" in out and not out.get("x-kubernetes-preserve-unknown-fields"):
        out.setdefault("additionalProperties", False)
    if schema.get("nullable") and isinstance(out.get("type"), str):
        out["type"] = [out["type"], "null"]
    return out


def _below(key: str, value: Any) -> Any:
    if key == "properties":
        return {name: _strict(schema) for name, schema in value.items()}
    # What stands in allOf, anyOf, oneOf and not only constrains: its keys are known elsewhere.
    return _strict(value) if key in ("items", "additionalProperties") else value
