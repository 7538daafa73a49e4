"""Texts that are secrets by their shape, whatever key they stand under."""

from __future__ import annotations

import re

_SHAPES = (
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----",
    r"\bgh[pousr]_[A-Za-z0-9]{20,}",
    r"\bgithub_pat_[A-Za-z0-9_]{20,}",
    r"\bglpat-[A-Za-z0-9_-]{16,}",
    r"\b(AKIA|ASIA)[0-9A-Z]{16}\b",
    r"\bxox[a-z]-[A-Za-z0-9-]{8,}",
    r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}\.eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*",
    r"\bhf_[A-Za-z0-9]{30,}",
    r"\bnvapi-[A-Za-z0-9_-]{20,}",
    r"\bsk-[A-Za-z0-9_-]{20,}",
    r"\bAIza[0-9A-Za-z_-]{35}",
    r"://[^\s/:@]{1,200}:[^\s/@]{1,200}@",
)
SECRET_SHAPE = re.compile("|".join(_SHAPES))
_LONGEST_SEARCHED = 1 << 16
_RANDOM = re.compile(r"(?=[^.]*\d)(?=[^.]*[a-z])[a-z0-9]{20,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def has_secret_shape(text: str) -> bool:
    """Whether `text` contains a private key, a known kind of token, or a password inside a URL."""
    return SECRET_SHAPE.search(text[:_LONGEST_SEARCHED]) is not None


def looks_random(text: str) -> bool:
    """Whether `text` is a long run of letters and digits, or a UUID: hardly a name that people gave."""
    return _RANDOM.fullmatch(text) is not None
