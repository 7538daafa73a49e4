"""Images that rendered manifests name: in pods, and in ConfigMaps that programs make pods from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import yaml

from generator.cluster.manifests import Manifest


def images_of(manifests: list[Manifest]) -> set[str]:
    """Every image, as it is pulled."""
    return {image for one in manifests for image in _images(one)}


def _images(manifest: Manifest) -> Iterator[str]:
    if manifest.get("kind") == "ConfigMap":
        for text in (manifest.get("data") or {}).values():
            yield from _in_text(text)
        return
    yield from _in_value(manifest)


def _in_text(text: Any) -> Iterator[str]:
    """Settings as JSON, or one document of YAML; programs and other texts hold none."""
    with suppress(ValueError, yaml.YAMLError):
        value = json.loads(text) if str(text).lstrip().startswith("{") else None
        yield from _in_value(value)


def _in_value(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            if key == "image":
                yield from _image(below)
            else:
                yield from _in_value(below)
    elif isinstance(value, list):
        for below in value:
            yield from _in_value(below)


def _image(value: Any) -> Iterator[str]:
    """As a text, or as our charts write it: repository, tag, digest."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, Mapping) and value.get("repository"):
        tag, digest = value.get("tag") or "", value.get("digest") or ""
        yield f"{value['repository']}" + (f"@{digest}" if digest else f":{tag}" if tag else "")
    elif isinstance(value, Mapping):
        yield from _in_value(value)
