"""Container images without a container tool: the archive of `docker save`, out of plain files."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Files:
    """A layer of single files: path in the image -> file here; and symbolic links: path -> target."""

    files: Mapping[str, Path]
    links: Mapping[str, str]

    def write(self, tar: tarfile.TarFile) -> None:
        """Add everything, owned by root and with one fixed time, so that equal input gives an equal layer."""
        for path, target in sorted(self.links.items()):
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            tar.addfile(entry)
        for path, source in sorted(self.files.items()):
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size, entry.mode = source.stat().st_size, 0o755
            with source.open("rb") as content:
                tar.addfile(entry, content)


@dataclass(frozen=True)
class Tree:
    """A layer that is a whole root file system."""

    root: Path

    def write(self, tar: tarfile.TarFile) -> None:
        """Add everything with its owners and modes."""
        tar.add(self.root, arcname=".", recursive=True)


Layer = Files | Tree


@dataclass(frozen=True)
class Image:
    """An image and the names it has; images of one archive store a common layer once."""

    names: tuple[str, ...]
    layers: tuple[Layer, ...]
    entrypoint: tuple[str, ...] = ()


def write_archive(images: Sequence[Image], file: Path) -> None:
    """Write all images into one archive."""
    with tarfile.open(file, "w") as archive:
        written: dict[int, str] = {}
        for layer in (layer for image in images for layer in image.layers):
            if id(layer) not in written:
                written[id(layer)] = _add_layer(archive, layer, file.with_suffix(".layer"))
        manifest = []
        for image in images:
            digests = [written[id(layer)] for layer in image.layers]
            config = _add(archive, json.dumps(_config(image, digests)).encode(), "{digest}.json")
            layers = [f"{digest}.tar" for digest in digests]
            manifest.append({"Config": config, "RepoTags": list(image.names), "Layers": layers})
        _add(archive, json.dumps(manifest).encode(), "manifest.json")


def _add_layer(archive: tarfile.TarFile, layer: Layer, scratch: Path) -> str:
    """Write the layer uncompressed, which is the fastest to import; its digest, under which it is named."""
    with tarfile.open(scratch, "w") as tar:
        layer.write(tar)
    with scratch.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    archive.add(scratch, arcname=f"{digest}.tar")
    scratch.unlink()
    return digest


def _config(image: Image, digests: Sequence[str]) -> dict[str, object]:
    return {
        "architecture": ARCHITECTURES[platform.machine()],
        "os": "linux",
        "config": {"Env": [f"PATH={PATH}"], "Entrypoint": list(image.entrypoint)},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]},
    }


def _add(archive: tarfile.TarFile, data: bytes, name: str) -> str:
    name = name.format(digest=hashlib.sha256(data).hexdigest())
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))
    return name
