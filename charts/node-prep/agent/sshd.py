"""The ssh server's configuration as its files say: of each keyword the first value counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.host import Host
from agent.settings import Sshd

CONFIG = "/etc/ssh/sshd_config"
_MAX_DEPTH = 16
_DEFAULTS = {
    "permitrootlogin": "prohibit-password",
    "passwordauthentication": "yes",
    "kbdinteractiveauthentication": "yes",
}
_NAMES = {
    "permitrootlogin": "PermitRootLogin",
    "passwordauthentication": "PasswordAuthentication",
    "kbdinteractiveauthentication": "KbdInteractiveAuthentication",
}
_ALIASES = {"challengeresponseauthentication": "kbdinteractiveauthentication"}


def wanted_lines(wanted: Sshd) -> list[str]:
    """The lines that say what is wanted."""
    return [f"{_NAMES[key]} no\n" for key in forbidden(wanted)]


def forbidden(wanted: Sshd) -> list[str]:
    """Keywords, in lower case, whose value must be no."""
    keys = ["permitrootlogin"] if wanted.forbid_root_login else []
    return keys + (
        ["passwordauthentication", "kbdinteractiveauthentication"] if wanted.forbid_passwords else []
    )


def faults(host: Host, wanted: Sshd, instead: Mapping[str, str] | None = None) -> Iterator[str]:
    """What the server allows and should not; `instead` has texts of files as they would be."""
    found = effective(host, instead or {})
    for key in forbidden(wanted):
        value, path = found.get(key, (_DEFAULTS[key], ""))
        if value != "no":
            yield f"{_NAMES[key]} is {value}{f' in {path}' if path else ''}, no is wanted"


def effective(host: Host, instead: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Keyword in lower case to its value and the file that says so."""
    found: dict[str, tuple[str, str]] = {}
    for key, value, path in _lines(host, CONFIG, instead, 0):
        found.setdefault(key, (value, path))
    return found


def included(host: Host, line: str, instead: Mapping[str, str]) -> list[str] | None:
    """The files that an Include names, in order, new ones of `instead` among them; None for another line."""
    words = _words(line)
    if not words or words[0].lower() != "include":
        return None
    found = []
    for pattern in words[1:]:
        absolute = pattern.strip('"') if pattern.startswith(("/", '"/')) else f"/etc/ssh/{pattern}"
        folder, _, name = absolute.rpartition("/")
        new = [path for path in instead if name == "*.conf" and path.startswith(f"{folder}/")]
        found += sorted({*host.glob(absolute), *new, *(item for item in instead if item == absolute)})
    return found


def _lines(host: Host, path: str, instead: Mapping[str, str], depth: int) -> Iterator[tuple[str, str, str]]:
    for line in instead.get(path, host.text(path)).splitlines():
        words = _words(line)
        if not words:
            continue
        key = words[0].lower()
        if key == "match":
            # From here on it counts only for some connections.
            return
        files = included(host, line, instead)
        if files is not None:
            for file in files if depth < _MAX_DEPTH else []:
                yield from _lines(host, file, instead, depth + 1)
        elif len(words) > 1:
            yield _ALIASES.get(key, key), " ".join(words[1:]), path


def _words(line: str) -> list[str]:
    return line.replace("=", " ", 1).split("#")[0].split()
