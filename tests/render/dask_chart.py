"""What `helm template` of the chart dask gives, found by kind and component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tests.render.helm_binary import Document, Helm, Values

NONE: Values = MappingProxyType({})
COMPONENT = "app.kubernetes.io/component"


@dataclass(frozen=True)
class Rendered:
    """The documents of one rendering."""

    documents: list[Document]

    def kind(self, kind: str) -> dict[str, Document]:
        """Objects of a kind by their component."""
        return {
            document["metadata"]["labels"][COMPONENT]: document
            for document in self.documents
            if document["kind"] == kind
        }

    def pod(self, component: str) -> Document:
        """Pod spec of a Deployment, or of the test."""
        owner = self.kind("Pod")["test"] if component == "test" else self._template(component)
        spec: Document = owner["spec"]
        return spec

    def _template(self, component: str) -> Document:
        template: Document = self.kind("Deployment")[component]["spec"]["template"]
        return template

    def container(self, component: str) -> Document:
        """Main container of a component."""
        container: Document = self.pod(component)["containers"][0]
        return container

    def args(self, component: str) -> list[str]:
        """Arguments of the main container."""
        args: list[str] = self.container(component)["args"]
        return args

    def env(self, component: str) -> dict[str, Any]:
        """Environment of the main container: text, or where it comes from. No name may come twice."""
        entries = self.container(component)["env"]
        assert len({entry["name"] for entry in entries}) == len(entries), "a name twice in env"
        return {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in entries}

    def mounts(self, component: str) -> dict[str, Document]:
        """Mounts of the main container by path, each with the volume it shows."""
        volumes = {volume["name"]: volume for volume in self.pod(component)["volumes"]}
        assert len(volumes) == len(self.pod(component)["volumes"]), "a volume's name twice"
        found = self.container(component)["volumeMounts"]
        return {mount["mountPath"]: {**mount, "volume": volumes[mount["name"]]} for mount in found}


@dataclass(frozen=True)
class DaskChart:
    """Renders with each helm and demands the same objects; the same question is answered from memory."""

    helms: tuple[Helm, ...]
    _seen: dict[str, Rendered] = field(default_factory=dict)

    def __call__(self, values: Values = NONE, **options: Any) -> Rendered:
        question = repr((dict(values) if isinstance(values, Mapping) else values, options))
        if question not in self._seen:
            new, old = (helm.template("dask", values, **options) for helm in self.helms)
            assert new == old, "helm 3 and helm 4 render differently"
            self._seen[question] = Rendered(new)
        return self._seen[question]

    def refusal(self, values: Values = NONE, **options: Any) -> str:
        """What helm says when it refuses."""
        return self.helms[0].refusal("dask", values, **options)
