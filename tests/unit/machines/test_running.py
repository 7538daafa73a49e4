"""`--run` against machines that are played: the order, what stops it, and what nobody may read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generator.cluster.runner import RecordingRunner, Result
from generator.errors import CommandError, UserError
from generator.machines.cluster import Machine, Site
from generator.machines.running import nodes
from generator.machines.running.bringup import Wish
from generator.machines.running.remote import Task
from generator.machines.running.session import Session
from generator.machines.running.ssh import SshRemote
from generator.machines.running.trouble import Place
from generator.toolchain import SilentProgress
from tests.unit.machines.conftest import NAMES

SECRET = "the-token"


@dataclass
class Played:
    """Machines that remember what became of them; `answers` are exit codes by name and first word."""

    states: dict[str, str] = field(default_factory=dict)
    answers: dict[tuple[str, str], int] = field(default_factory=dict)
    ready: str = "True"
    message: str = "the kubelet's word"
    calls: list[tuple[str, ...]] = field(default_factory=list)
    given: list[str] = field(default_factory=list)

    def place(self, machine: Machine) -> Place:
        return Place(machine.name, machine.address, f"ssh {machine.address}")

    def run(self, machine: Machine, task: Task) -> Result:
        words = task.calls[-1]
        code = self.answers.get((machine.name, words[0]), 0)
        if words[0] not in ("--plan", "--nodes"):
            self.calls.append((machine.name, *words))
        if words[0] == "--start" and code == 0:
            self.given.append(task.payload)
            self.states[machine.name] = "joined"
        return Result((), code, self._says(machine, words[0]), "what went wrong" if code else "")

    def _says(self, machine: Machine, word: str) -> str:
        if word == "--plan":
            return f"{self.states.get(machine.name, 'bare')}\nwould change things\n"
        if word == "--nodes":
            joined = [name for name, state in self.states.items() if state == "joined"]
            return "".join(f"{name}  {self.ready}  v1.36.3  {self.message}\n" for name in joined)
        return SECRET if word == "--join-file" else ""


def session(site: Site, played: Played, wish: Wish | None = None, answer: bool = True) -> Session:
    return Session(played, site, wish or Wish(), SilentProgress(), lambda _: answer)


@pytest.mark.parametrize("name", NAMES)
def test_every_distribution_comes_up_in_join_order(
    name: str, site: Callable[[str], Site], capsys: pytest.CaptureFixture[str]
) -> None:
    played = Played()
    wish = Wish(options=("--firewall",))
    assert session(site(name), played, wish).run() == 0
    first, *others = [machine.name for machine in site(name).machines]
    assert played.calls == [
        (first, "--apply", "--firewall"),
        (first, "--start"),
        *[
            call
            for other in others
            for call in (
                (other, "--apply", "--firewall"),
                *([(first, "--join-file", "-")] if other == others[0] else []),
                (other, "--start", "-"),
            )
        ],
    ]
    assert played.given == ["", *[SECRET] * len(others)]
    assert SECRET not in capsys.readouterr().out


def test_what_is_done_is_passed_by(site: Callable[[str], Site]) -> None:
    played = Played(states=dict.fromkeys("abc", "joined"))
    assert session(site("kubeadm"), played).run() == 0
    assert played.calls == [("w", "--apply"), ("a", "--join-file", "-"), ("w", "--start", "-")]
    played.calls.clear()
    assert session(site("kubeadm"), played).run() == 0
    assert played.calls == []


def test_without_a_yes_nothing_is_changed(site: Callable[[str], Site]) -> None:
    played = Played()
    assert session(site("kubeadm"), played, answer=False).run() == 4
    assert played.calls == []


def test_a_control_plane_that_fails_stops_all(
    site: Callable[[str], Site], capsys: pytest.CaptureFixture[str]
) -> None:
    played = Played(answers={("b", "--start"): 1})
    assert session(site("kubeadm"), played).run() == 1
    said = capsys.readouterr().out
    assert "b: joining failed with exit code 1" in said
    assert "| what went wrong" in said
    assert "not begun: c, w" in said
    assert SECRET not in said


def test_a_failing_check_stops_before_the_start_unless_it_is_ignored(
    site: Callable[[str], Site], capsys: pytest.CaptureFixture[str]
) -> None:
    played = Played(answers={("a", "--apply"): 5})
    assert session(site("kubeadm"), played).run() == 1
    assert "--ignore-checks" in capsys.readouterr().out
    assert played.calls == [("a", "--apply")]
    assert session(site("kubeadm"), played, Wish(ignore_checks=True)).run() == 0


def test_a_join_file_is_never_shown(site: Callable[[str], Site], capsys: pytest.CaptureFixture[str]) -> None:
    played = Played(answers={("a", "--join-file"): 1})
    assert session(site("kubeadm"), played).run() == 1
    said = capsys.readouterr().out
    assert "b: making a join file failed" not in said
    assert "a: making a join file failed" in said
    assert SECRET not in said


def test_a_second_cluster_is_never_started(site: Callable[[str], Site]) -> None:
    played = Played(states={"b": "joined"})
    with pytest.raises(CommandError, match="a is not in a cluster, but b already is"):
        session(site("kubeadm"), played).run()
    assert played.calls == []


def test_a_half_done_start_stops_everything(site: Callable[[str], Site]) -> None:
    played = Played(states={"a": "joined", "w": "cut-short"})
    with pytest.raises(CommandError, match="w: an earlier start did not finish") as told:
        session(site("kubeadm"), played).run()
    assert "kubeadm reset" in told.value.hint
    assert played.calls == []


def test_only_named_machines_and_the_first_are_looked_at(site: Callable[[str], Site]) -> None:
    played = Played(states={"a": "joined"})
    assert session(site("kubeadm"), played).run(["w"]) == 0
    assert {call[0] for call in played.calls} == {"a", "w"}
    with pytest.raises(UserError, match="no such machine: x"):
        session(site("kubeadm"), played).run(["x"])


def test_a_machine_of_another_cluster_is_told(
    site: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes, "PAUSE", 0.0)
    played = Played(states=dict.fromkeys("abcw", "joined"))
    monkeypatch.setattr(
        played, "_says", lambda machine, word: "joined\n" if word == "--plan" else "a True v m\n"
    )
    with pytest.raises(CommandError, match="in a cluster, but not in this one: b, c, w"):
        session(site("kubeadm"), played).run()


TROUBLES = {
    "No ED25519 host key is known for 192.168.11.1 and you have requested strict checking.\n"
    "Host key verification failed.": "its host key is not known here",
    "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.": "another one",
    "root@192.168.11.1: Permission denied (publickey).": "does not let us in",
    "ssh: connect to host 192.168.11.1 port 22: Connection timed out": "does not answer",
    "ssh: connect to host 192.168.11.1 port 22: Connection refused": "no ssh server answers",
    "client_loop: send disconnect: Broken pipe": "no connection, or it broke off",
}


@pytest.mark.parametrize("printed", TROUBLES)
def test_ssh_troubles_say_what_to_do(printed: str, site: Callable[[str], Site]) -> None:
    def answer(argv: tuple[str, ...]) -> Result:
        return Result(argv, 0, "hostname a\n", "") if "-G" in argv else Result(argv, 255, "", printed)

    remote = SshRemote(RecordingRunner(answer), {"a": "script"}, user="admin")
    with pytest.raises(CommandError, match=TROUBLES[printed]) as told:
        remote.run(site("kubeadm").machines[0], Task((("--plan",),)))
    assert told.value.command == "ssh -l admin 192.168.11.1 sh a.sh --plan"
    assert told.value.hint


def test_a_refusing_sudo_is_told(site: Callable[[str], Site]) -> None:
    answers = iter(
        [Result((), 0, "hostname a.example.org\n", ""), Result((), 1, "", "sudo: a password is required")]
    )
    remote = SshRemote(RecordingRunner(lambda _: next(answers)), {"a": "script"})
    with pytest.raises(CommandError, match="may not become root") as told:
        remote.run(site("kubeadm").machines[0], Task((("--plan",),)))
    # The ssh config says where the name leads.
    assert told.value.command.startswith("ssh a sh a.sh")


def test_no_key_is_taken_and_no_question_asked(site: Callable[[str], Site]) -> None:
    runner = RecordingRunner(lambda argv: Result(argv, 0, "hostname a\n", ""))
    SshRemote(runner, {"a": "script"}).run(site("kubeadm").machines[0], Task((("--plan",),), payload=SECRET))
    sent = runner.calls[-1]
    assert {"-oBatchMode=yes", "-oStrictHostKeyChecking=yes"} <= set(sent)
    assert sent.index("--") == len(sent) - 3
    assert not any(SECRET in word for word in sent)


def test_a_time_limit_is_told_without_the_script_in_it(site: Callable[[str], Site]) -> None:
    def answer(argv: tuple[str, ...]) -> Result:
        if "-G" in argv:
            return Result(argv, 0, "hostname a\n", "")
        raise CommandError("ssh did not finish within 5 s", command=" ".join(argv))

    remote = SshRemote(RecordingRunner(answer), {"a": "script"}, seconds=5)
    with pytest.raises(CommandError, match="a did not finish within 5 s") as told:
        remote.run(site("kubeadm").machines[0], Task((("--start",),), goes_on=True))
    assert told.value.command == "ssh 192.168.11.1 sh a.sh --start"
    assert "waits for it" in told.value.hint


def test_a_kubeconfig_is_for_its_owner_alone(site: Callable[[str], Site], tmp_path: Path) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text("of another cluster")
    file.chmod(0o644)
    played = Played(states=dict.fromkeys("abcw", "joined"))
    wanted = Session(played, site("kubeadm"), Wish(), SilentProgress(), lambda _: False, file)
    assert wanted.run() == 0
    assert file.read_text() == ""
    assert file.stat().st_mode & 0o777 == 0o600


def test_nodes_that_lack_more_than_a_network_are_a_problem(
    site: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nodes, "PAUSE", 0.0)
    states = dict.fromkeys("abcw", "joined")
    assert session(site("kubeadm"), Played(states=states, ready="False")).run() == 1
    waiting = Played(states=states, ready="False", message="cni plugin not initialized")
    assert session(site("kubeadm"), waiting).run() == 0
