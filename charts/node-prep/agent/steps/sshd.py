"""The ssh server refuses root and passwords, by a drop-in.

Nobody shall be locked out: without a key for anybody but root no password is forbidden. The server itself
judges the whole configuration before the drop-in is written, and reads it by a reload, which keeps logins.
"""

from __future__ import annotations

from dataclasses import dataclass

from agent.actions.base import Action
from agent.actions.service import Restart
from agent.host import Host
from agent.names import HEADER, SSHD_DROP_IN
from agent.settings import Sshd
from agent.sshd import CONFIG, effective, faults, included, wanted_lines
from agent.steps.base import FAILED, Finding, Place, StepPlan, View, find, put

PROGRAM = "/usr/sbin/sshd"
# What it says of a machine on which it never ran.
_NEVER_RAN = ("Missing privilege separation directory", "no hostkeys available")


@dataclass(frozen=True)
class SshdCandidate:
    """The configuration with our drop-in as it would be."""

    text: str

    def problem(self, host: Host, folder: str) -> str:
        """See Candidate.problem."""
        drop_in, root = f"{folder}/drop-in.conf", f"{folder}/sshd_config"
        host.disk.write(host.at(drop_in), self.text.encode(), 0o600)
        lines = [self._line(host, line, drop_in) for line in host.text(CONFIG).splitlines()]
        text = "".join(f"{line}\n" for line in lines)
        host.disk.write(host.at(root), text.encode("utf-8", "surrogateescape"), 0o600)
        result = host.ask(PROGRAM, "-t", "-f", root)
        if result.ok or any(words in result.stderr for words in _NEVER_RAN):
            return ""
        said = result.stderr.strip().splitlines() or ["no reason given"]
        return f"`sshd -t` refuses it: {said[-1]}"

    def _line(self, host: Host, line: str, drop_in: str) -> str:
        """Files by name, so that no pattern brings our old drop-in in."""
        files = included(host, line, {SSHD_DROP_IN: self.text})
        if not files:
            return line if files is None else ""
        names = [drop_in if path == SSHD_DROP_IN else path for path in files]
        return "Include " + " ".join(f'"{name}"' for name in names)


@dataclass(frozen=True)
class SshdFacts:
    """What is there; `text` is what our drop-in must say (None: nothing), `problem` why it may not."""

    drop_in: Place
    text: str | None
    problem: str
    unit: str
    seconds: int


class SshdStep:
    """See the module's text."""

    name = "sshd"

    def inspect(self, view: View) -> SshdFacts:
        """See Step.inspect."""
        host, wanted = view.host, view.settings.sshd
        lines = wanted_lines(wanted) if host.exists(CONFIG) else []
        text = HEADER + "".join(lines) if lines else None
        drop_in = find(host, SSHD_DROP_IN)
        open_question = text is not None and text != drop_in.text
        return SshdFacts(
            drop_in=drop_in,
            text=text,
            problem=_problem(host, wanted, text) if text is not None else "",
            unit=_unit(host) if open_question or (text is None and drop_in.ours) else "",
            seconds=view.settings.health_seconds,
        )

    def plan(self, facts: SshdFacts) -> StepPlan:
        """See Step.plan."""
        if facts.problem:
            return StepPlan(findings=(Finding(FAILED, f"{facts.problem}; the ssh policy is not set"),))
        if facts.text is None and not facts.drop_in.ours:
            return StepPlan()
        actions: tuple[Action, ...] = put(facts.drop_in, facts.text)
        if actions and facts.unit:
            actions += (Restart(facts.unit, "active", facts.seconds, verb="reload"),)
        candidates = (SshdCandidate(facts.text),) if actions and facts.text is not None else ()
        return StepPlan(actions, candidates=candidates)


def _problem(host: Host, wanted: Sshd, text: str) -> str:
    """Why the drop-in would do nothing, or too much."""
    instead = {SSHD_DROP_IN: text}
    read = [path for line in host.text(CONFIG).splitlines() for path in included(host, line, instead) or ()]
    if SSHD_DROP_IN not in read:
        return f"{CONFIG} does not include {SSHD_DROP_IN.rpartition('/')[0]}/*.conf"
    before = [fault for fault in faults(host, wanted, instead)]
    if before:
        return f"said before our drop-in: {'; '.join(before)}"
    if wanted.forbid_passwords and not _keys(host):
        return "nobody but root has an ssh key here: without passwords everybody would be locked out"
    return ""


def _keys(host: Host) -> bool:
    """Whether anybody but root can log in by a key, as far as files tell."""
    found = effective(host, {})
    if any(
        found.get(key, ("none", ""))[0] != "none" for key in ("authorizedkeyscommand", "trustedusercakeys")
    ):
        return True
    files = found.get("authorizedkeysfile", (".ssh/authorized_keys", ""))[0].split()
    # Users of a directory service are in no passwd, but have a home.
    users = {path.rpartition("/")[2]: path for path in host.glob("/home/*")}
    for line in host.text("/etc/passwd").splitlines():
        fields = line.split(":")
        if len(fields) == 7 and fields[2] != "0":
            users[fields[0]] = fields[5]
    return any(
        host.text(_key_file(file, user, home)).strip() for file in files for user, home in users.items()
    )


def _key_file(file: str, user: str, home: str) -> str:
    path = file.replace("%h", home).replace("%u", user)
    return path if path.startswith("/") else f"{home}/{path}"


def _unit(host: Host) -> str:
    """The running server's unit: Debian calls it ssh, the others sshd; none runs for a socket in waiting."""
    for unit in ("ssh", "sshd"):
        if host.ask("systemctl", "is-active", unit).stdout.strip() == "active":
            return unit
    return ""
