"""Plain secrets in a profile: found, refused, and never printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

from generator.diagnostics.diagnostic import Diagnostic, Span
from generator.diagnostics.secret_shapes import has_secret_shape, looks_random

Path = tuple[str | int, ...]
HIDDEN = "***"
_LONGEST_SHOWN = 60
_SHORTEST_SCRUBBED = 3
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET_WORDS = frozenset(
    {"password", "passwords", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "tokens"}
    | {"credential", "credentials", "apikey", "apikeys", "apitoken", "authtoken"}
    | {"privatekey", "accesskey", "secretkey"}
)
_KEY_PREFIXES = frozenset({"api", "private", "access", "secret", "encryption", "signing", "auth", "ssh"})
_NUMBER_TOO = frozenset({"password", "passwd", "passphrase", "pwd"})
# `pullSecrets: [a]` and `secretName: a` name Secrets; `clientSecret: text` does not, that takes {name, key}.
_REFERENCE = re.compile(r"secret(s|_?(name|ref|keyref)s?)$", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")


class Positioned(Protocol):
    """What is needed of a document: plain data and places."""

    @property
    def value(self) -> Any:
        """Plain data."""

    def span(self, path: Path, *, key: bool = False) -> Span:
        """Where the value at `path` stands."""


def secret_diagnostics(document: Positioned) -> tuple[Diagnostic, ...]:
    """One S010 for each literal secret; keys and values that only name a Secret are fine."""
    return tuple(_diagnostic(document, path) for path in _literal_secrets((), document.value))


def literal_secrets(document: Positioned) -> tuple[str, ...]:
    """The texts of all literal secrets, longest first, for taking them out of messages."""
    texts = {_text_at(document.value, path) for path in _literal_secrets((), document.value)}
    return tuple(sorted((text for text in texts if len(text) >= _SHORTEST_SCRUBBED), key=len, reverse=True))


def is_secret_key(key: str) -> bool:
    """Whether a literal value under this key is a secret: `bindPassword`, `api_key`, not `tokenTTL`."""
    words = [word.lower() for word in _WORDS.findall(key)]
    if not words or _is_reference(key):
        return False
    return words[-1] in _SECRET_WORDS or (
        words[-1] in ("key", "keys") and words[-2:-1] != [] and words[-2] in _KEY_PREFIXES
    )


def is_secret_path(path: Path) -> bool:
    """Whether the key nearest to the value (through lists) is that of a secret."""
    names = [step for step in path if isinstance(step, str)]
    return bool(names) and (is_secret_key(names[-1]) or has_secret_shape(names[-1]))


def shown(text: str) -> str:
    """`text` as a message may print it: short, on one line, and no secret."""
    if has_secret_shape(text):
        return HIDDEN
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 3]}..."


def _literal_secrets(path: Path, value: Any) -> Iterator[Path]:
    """Paths of literal secrets; recursion is bounded by the loader's depth limit."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from _literal_secrets((*path, key), child)
        if _is_named_secret(value):
            yield (*path, "value")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _literal_secrets((*path, index), child)
    elif _is_literal_secret(path, value):
        yield path


def _text_at(value: Any, path: Path) -> str:
    for step in path:
        value = value[step]
    return str(value)


def _is_named_secret(value: dict[str, Any]) -> bool:
    """An environment variable such as `{name: HF_TOKEN, value: ...}`."""
    name, literal = value.get("name"), value.get("value")
    return isinstance(name, str) and is_secret_key(name) and isinstance(literal, str) and literal != ""


def _is_literal_secret(path: Path, value: Any) -> bool:
    names = [step for step in path if isinstance(step, str)]
    key = names[-1] if names else ""
    if isinstance(value, str):
        if has_secret_shape(value):
            return True
        if _is_reference(key):
            return value != "" and (looks_random(value) or not _NAME.fullmatch(value))
        return value != "" and is_secret_key(key)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and is_secret_key(key) and _WORDS.findall(key)[-1].lower() in _NUMBER_TOO


def _is_reference(key: str) -> bool:
    return bool(_REFERENCE.search(key))


def _diagnostic(document: Positioned, path: Path) -> Diagnostic:
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    where = f'"{shown(name)}"' if name else "the file"
    message = f"{where} holds a secret in plain text; a profile only names Secrets"
    text = ".".join(shown(str(step)) for step in path)
    return Diagnostic("S010", document.span(path), message, _hint(name), text)


def _hint(name: str) -> str:
    if not is_secret_key(name):
        name = "password"
    entry = "-".join(word.lower() for word in _WORDS.findall(name))
    return (
        f"put the value into a Secret, name that here, and change the secret: it has been in a file\n"
        f"  {name}Secret: {{name: my-{entry}, key: {entry}}}\n"
        f"  kubectl create secret generic my-{entry} --from-file={entry}=./{entry}.txt"
    )
