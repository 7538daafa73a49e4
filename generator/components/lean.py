"""Values that people like to read: an item of a map holds no key that says what is so anyway."""

from __future__ import annotations

from typing import Any, TypeVar

from generator.model import Model

M = TypeVar("M", bound=Model)


def lean(model: type[M], **fields: Any) -> M:
    """The model with those fields that differ from their defaults; fields by their Python names."""
    return model(**{name: value for name, value in fields.items() if value != _default(model, name)})


def _default(model: type[Model], name: str) -> Any:
    return model.model_fields[name].get_default(call_default_factory=True)
