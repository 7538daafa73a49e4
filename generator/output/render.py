"""jinja2 for what people read and machines run; its signs are `[[ ]]` and `[% %]`, as `{{ }}` is Helm's."""

from __future__ import annotations

from functools import cache
from typing import Any

import jinja2


@cache
def environment() -> jinja2.Environment:
    """The one environment: an unknown name is an error, not an empty text."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("generator.output", "templates"),
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
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
