"""What every typed section shares, in profiles and in charts' values alike."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticUndefined


class Model(BaseModel):
    """Closed, frozen, camelCase outside and snake_case inside; `"4"` is no number and `1` is not true."""

    model_config = ConfigDict(
        # Sections inside others need no validator of their own; building them took a third of `gen`.
        defer_build=True,
        extra="forbid",
        frozen=True,
        strict=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        hide_input_in_errors=True,
    )

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Itself, as it is frozen: pydantic copies a default section for each section that it makes."""
        return self


def doc(
    text: str, *, unit: str = "", example: Any = PydanticUndefined, alias: str | None = None, **limits: Any
) -> Any:
    """Describe a field inside `Annotated[...]`: meaning, unit, example, name in YAML, limits such as `ge=0`.

    The default stays at the field itself, where mypy sees it.
    """
    return Field(
        description=text,
        examples=None if example is PydanticUndefined else [example],
        json_schema_extra={"x-unit": unit} if unit else None,
        alias=alias,
        **limits,
    )
