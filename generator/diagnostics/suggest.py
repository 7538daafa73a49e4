"""Did you mean: the known word that is closest to an unknown one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

SYNONYMS: Mapping[str, str] = {
    "master": "control-plane",
    "controlplane": "control-plane",
    "controller": "control-plane",
    "slave": "worker",
    "ram": "memory",
    "mem": "memory",
    "cpus": "cpu",
    "cores": "cpu",
    "gpu": "gpus",
    "ip": "address",
    "host": "address",
    "hostname": "name",
    "machines": "nodes",
    "servers": "nodes",
    "hosts": "nodes",
    "namespaces": "teams",
    "groups": "teams",
    "metrics": "monitoring",
    "prometheus": "monitoring",
    "jupyter": "jupyterhub",
    "notebooks": "jupyterhub",
    "login": "auth",
    "authentication": "auth",
    "capacity": "size",
    "path": "share",
    "export": "share",
    "rwx": "ReadWriteMany",
    "rwo": "ReadWriteOnce",
    "rox": "ReadOnlyMany",
}
"""What people say elsewhere, without case and separators, and the word of a profile."""

_SEPARATORS = re.compile(r"[-_.\s]+")
_CLOSE_ENOUGH = 0.7
_CLOSE_ENOUGH_SHORT = 0.6  # two letters swapped in a word of three give 0.67
_SHORT = 4
_LONGEST_WORD = 80


def did_you_mean(word: str, candidates: Iterable[str], synonyms: Mapping[str, str] = SYNONYMS) -> str:
    """The candidate that `word` most likely stands for, or ""; case and separators do not count."""
    known = list(dict.fromkeys(candidates))
    plain = _plain(word)
    if not plain or len(word) > _LONGEST_WORD:
        return ""
    by_plain = {_plain(candidate): candidate for candidate in reversed(known)}
    if plain in by_plain:
        return by_plain[plain]
    if synonyms.get(plain) in known:
        return synonyms[plain]
    cutoff = _CLOSE_ENOUGH_SHORT if len(plain) <= _SHORT else _CLOSE_ENOUGH
    close = difflib.get_close_matches(plain, by_plain, n=1, cutoff=cutoff)
    return by_plain[close[0]] if close else ""


def _plain(word: str) -> str:
    return _SEPARATORS.sub("", word).lower()
