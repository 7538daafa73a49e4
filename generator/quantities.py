"""Kubernetes quantities as checked text: `500m`, `64Gi`. They stay text, as manifests want them.

Source of the grammar: k8s.io/apimachinery/pkg/api/resource.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_DECIMAL = {suffix: Decimal(1000) ** power for power, suffix in enumerate(("", "k", "M", "G", "T", "P"))}
_BINARY = {
    suffix: Decimal(1024) ** power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi"), start=1)
}
_SUFFIX = {"m": Decimal("0.001"), **_DECIMAL, **_BINARY}
_SMALL = {"n": Decimal("1e-9"), "u": Decimal("1e-6")}
_QUANTITY = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?")
_WRONG_SUFFIX = {
    "gb": "Gi",
    "g": "G",
    "gib": "Gi",
    "mb": "Mi",
    "mib": "Mi",
    "kb": "Ki",
    "tb": "Ti",
    "tib": "Ti",
}
_CPU_PATTERN = r"^\d{1,9}(\.\d{1,3})?m?$"
_BYTES_PATTERN = r"^\d{1,15}(\.\d{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$"


def millicores(quantity: str) -> int:
    """CPU in thousandths of a core."""
    return int(_value(quantity) * 1000)


def bytes_of(quantity: str) -> int:
    """Memory or storage in bytes."""
    return int(_value(quantity))


def amount_of(quantity: str) -> Decimal:
    """A quantity as a number, in cores, bytes or pieces; as the API server writes it, exponents aside."""
    if quantity[-1:] in _SMALL:
        return Decimal(quantity[:-1]) * _SMALL[quantity[-1]]
    return _value(quantity)


def _value(quantity: str) -> Decimal:
    match = _QUANTITY.fullmatch(quantity)
    if match is None:
        raise ValueError(f"not a quantity: {quantity!r}")
    return Decimal(match[1]) * _SUFFIX[match[2] or ""]


def _cpu(value: Any) -> Any:
    text = _text(value)
    if not isinstance(text, str):
        return text
    if not re.fullmatch(_CPU_PATTERN, text):
        raise PydanticCustomError(
            "S004", "not an amount of CPU", {"hint": "cores or thousandths of one: 2, 0.5 or 500m"}
        )
    return _positive(text, "CPU")


def _bytes(value: Any) -> Any:
    text = _text(value)
    if not isinstance(text, str):
        return text
    if not re.fullmatch(_BYTES_PATTERN, text):
        raise PydanticCustomError("S004", "not an amount of bytes", {"hint": _bytes_hint(text)})
    return _positive(text, "bytes")


def _bytes_hint(text: str) -> str:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]+)", text)
    suffix = _WRONG_SUFFIX.get(match[2].lower()) if match else None
    return (
        f"did you mean {match[1]}{suffix}?"
        if match and suffix
        else "a number with a suffix: 512Mi, 64Gi, 2Ti"
    )


def _positive(text: str, what: str) -> str:
    if _value(text) == 0:
        raise PydanticCustomError(
            "S004", "the amount of {what} is zero", {"what": what, "hint": "leave the key out"}
        )
    return text


def _text(value: Any) -> Any:
    """YAML gives `cpu: 2` as a number; anything but a number or text is left to pydantic's type check."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return f"{value:g}" if isinstance(value, float) else str(value)


def _schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": ["string", "number"], "pattern": pattern})


Cpu = Annotated[str, BeforeValidator(_cpu), _schema(_CPU_PATTERN)]
"""CPU, e.g. `2`, `0.5`, `500m` (cores)."""
Memory = Annotated[str, BeforeValidator(_bytes), _schema(_BYTES_PATTERN)]
"""Memory, e.g. `512Mi`, `64Gi` (bytes)."""
Storage = Annotated[str, BeforeValidator(_bytes), _schema(_BYTES_PATTERN)]
"""Storage, e.g. `100Gi`, `2Ti` (bytes)."""
OptionalCpu = Annotated[
    str, BeforeValidator(lambda v: v if v == "" else _cpu(v)), _schema(rf"{_CPU_PATTERN}|^$")
]
"""CPU, or "" for none."""
OptionalBytes = Annotated[
    str, BeforeValidator(lambda v: v if v == "" else _bytes(v)), _schema(rf"{_BYTES_PATTERN}|^$")
]
"""Memory or storage, or "" for none."""
