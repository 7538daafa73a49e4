"""jinja2 for what people read and machines run; its signs are `[[ ]]` and `[% %]`, as `{{ }}` is Helm's."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

TEMPLATES = Path(__file__).parent / "templates"


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates lie where Python keeps the bytecode of modules; compiling takes 30 ms.

    jinja2 itself compares the source's checksum, and ignores what is damaged.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket when the template was compiled before."""
        with suppress(OSError), _place(bucket).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, where Python may write bytecode at all."""
        if sys.dont_write_bytecode:
            return
        place = _place(bucket)
        beside = place.with_name(f"{place.name}.{os.getpid()}")
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(bucket.bytecode_to_string())
            beside.replace(place)


def _place(bucket: Bucket) -> Path:
    return Path(cache_from_source(str(TEMPLATES / f"{bucket.key}.py")))


@cache
def environment() -> jinja2.Environment:
    """The one environment: an unknown name is an error, not an empty text."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("generator.output", "templates"),
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        bytecode_cache=_Compiled(),
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
    )


def render(template: str, /, **names: Any) -> str:
    """The text of `templates/<template>` with `names` filled in."""
    return environment().get_template(template).render(names)
