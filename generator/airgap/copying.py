"""A script that copies every image and chart into one registry, with skopeo and oras."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from generator.airgap.inventory import Item
from generator.output.render import render


def copy_script(name: str, items: Sequence[Item], registry: str) -> str:
    """POSIX shell; run again, it copies only what is not there yet."""
    prefix = f"{registry.rstrip('/')}/"
    images = [
        (shlex.quote(one.source), shlex.quote(prefix + one.source)) for one in items if one.kind == "image"
    ]
    charts = [one.source.removeprefix("oci://") for one in items if one.source.startswith("oci://")]
    pairs = [(shlex.quote(one), shlex.quote(prefix + one)) for one in charts]
    return render("copy-images.sh.j2", name=name, images=images, charts=pairs)
