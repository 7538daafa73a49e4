"""The ssh server's policy, as its files say (the first value of a keyword counts)."""

from __future__ import annotations

from collections.abc import Iterator

from agent.host import Host
from agent.steps.base import FAILED, Finding, View

CONFIG = "/etc/ssh/sshd_config"
_DEFAULTS = {
    "permitrootlogin": "prohibit-password",
    "passwordauthentication": "yes",
    "kbdinteractiveauthentication": "yes",
}
_ALIASES = {"challengeresponseauthentication": "kbdinteractiveauthentication"}


def policy(view: View) -> Iterator[Finding]:
    """No root login, no passwords, where that is wanted."""
    wanted = view.settings.checks.sshd
    if not (wanted.forbid_root_login or wanted.forbid_passwords) or not view.host.exists(CONFIG):
        return
    found = {**_DEFAULTS, **dict(reversed(list(_keywords(view.host, CONFIG, 0))))}
    if wanted.forbid_root_login and found["permitrootlogin"] != "no":
        yield Finding(FAILED, f"sshd: PermitRootLogin is {found['permitrootlogin']}, no is wanted")
    for key in ("passwordauthentication", "kbdinteractiveauthentication"):
        if wanted.forbid_passwords and found[key] != "no":
            yield Finding(FAILED, f"sshd: {key} is {found[key]}, no is wanted")


def _keywords(host: Host, path: str, depth: int) -> Iterator[tuple[str, str]]:
    for line in host.text(path).splitlines():
        words = line.replace("=", " ", 1).split("#")[0].split()
        if not words:
            continue
        key = words[0].lower()
        if key == "match":
            # From here on it counts only for some connections.
            return
        if key == "include" and depth < 16:
            for pattern in words[1:]:
                absolute = pattern if pattern.startswith("/") else f"/etc/ssh/{pattern}"
                for included in host.glob(absolute):
                    yield from _keywords(host, included, depth + 1)
        elif len(words) > 1:
            yield _ALIASES.get(key, key), words[1].lower()
