"""Why a machine could not be reached, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from generator.cluster.runner import Result
from generator.errors import CommandError

SSH_FAILED = 255
"""ssh's own exit code, whatever the cause."""


@dataclass(frozen=True)
class Place:
    """A machine as ssh is told of it; `ssh` is the start of a command that a person can use."""

    name: str
    destination: str
    ssh: str


def check_reached(place: Place, shown: str, said: Result) -> None:
    """Nothing when the machine was reached as root. Raises CommandError with what to do."""
    if found := _login_trouble(place, said) if said.code == SSH_FAILED else _sudo_trouble(said):
        message, hint = found
        raise CommandError(
            f"{place.name}: {message}", command=f"{place.ssh} {shown}", output=said.stderr, hint=hint
        )


def _login_trouble(place: Place, said: Result) -> tuple[str, str]:
    for sign, message, hint in _TROUBLE:
        if sign in said.stderr:
            return message, hint.format(name=place.name, destination=place.destination, ssh=place.ssh)
    return (
        "no connection, or it broke off",
        f"does `{place.ssh} true` work? A change that was under way goes on; the same command waits for it",
    )


_TROUBLE = (
    (
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        "its host key is another one than before",
        "find out why. Only if the machine was installed anew: ssh-keygen -R {destination}, run this again",
    ),
    (
        "Host key verification failed",
        "its host key is not known here",
        "{ssh} -o StrictHostKeyChecking=ask true    shows the key's fingerprint: say yes only if it is what "
        "`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` (or ecdsa, rsa) prints on {name} itself",
    ),
    (
        "Permission denied",
        "it does not let us in",
        "login is by key: choose the user with --user or in your ssh config, and load the key (ssh-add)",
    ),
    (
        "Could not resolve hostname",
        "its name is not known",
        "see HostName in your ssh config, and the node's address in the profile",
    ),
    (
        "timed out",
        "it does not answer",
        "is it on, is its address right, does a firewall let ssh through?",
    ),
    ("refused", "no ssh server answers", "install and start openssh-server, or set Port in your ssh config"),
    ("No route to host", "there is no way to its address", "is it on, and is its address right?"),
)


_SUDO_SIGNS = (
    "sudo: a password is required",
    "sudo: a terminal is required",
    "is not in the sudoers file",
    "is not allowed to execute",
    "sudo: not found",
)


def _sudo_trouble(said: Result) -> tuple[str, str] | None:
    if said.code and any(sign in said.stderr for sign in _SUDO_SIGNS):
        return (
            "the user that logs in may not become root",
            "give that user sudo without a password for the time (NOPASSWD in sudoers.d), or --user root",
        )
    return None
