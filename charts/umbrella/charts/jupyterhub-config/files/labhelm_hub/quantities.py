"""Kubernetes' quantities as the numbers that KubeSpawner wants."""

import re
from decimal import Decimal

_DECIMAL = {suffix: Decimal(1000) ** power for power, suffix in enumerate(("", "k", "M", "G", "T", "P"))}
_BINARY = {f"{s}i": Decimal(1024) ** power for power, s in enumerate(("K", "M", "G", "T", "P"), start=1)}
_FACTOR = {"m": Decimal("0.001"), **_DECIMAL, **_BINARY}


def cores(text):
    """CPU in cores; 0 for none."""
    return float(_number(text))


def bytes_of(text):
    """Memory in bytes; 0 for none."""
    return int(_number(text))


def _number(text):
    if not text:
        return 0
    amount, suffix = re.fullmatch(r"([\d.]+)([A-Za-z]*)", str(text)).groups()
    return Decimal(amount) * _FACTOR[suffix]
