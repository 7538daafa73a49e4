"""The ssh policy as a drop-in: judged by the server, read by a reload, never for a machine without keys."""

from __future__ import annotations

from typing import Any

from agent.errors import EXIT_CHECKS, EXIT_FAILED, EXIT_OK
from agent.settings import Settings
from agent.steps.base import StepPlan
from agent.validate import parse

from tests.unit.agent.bed import FakeMachine, Machine, difference
from tests.unit.agent.test_steps import plan_of, said

DROP_IN = "etc/ssh/sshd_config.d/10-labhelm.conf"
BOTH = {"forbidRootLogin": True, "forbidPasswords": True}


def wanted(**sshd: Any) -> Settings:
    return parse({"mode": "apply", "sshd": sshd})


def with_server(machine: Machine, *, key: bool = True, unit: str = "ssh") -> FakeMachine:
    fake = machine("debian12-bare")
    fake.service(unit, "active")
    fake.answers["/usr/sbin/sshd"] = lambda _: (0, "")
    if key:
        keys = fake.root / "home/ada/.ssh/authorized_keys"
        keys.parent.mkdir(parents=True)
        keys.write_text("ssh-ed25519 AAAA ada\n")
    return fake


def test_drop_in_is_written_reloaded_and_taken_back(machine: Machine) -> None:
    fake = with_server(machine)
    before = fake.snapshot()
    code, report = fake.run_agent("apply", wanted(**BOTH))
    assert code == EXIT_OK, report
    text = (fake.root / DROP_IN).read_text()
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        "PermitRootLogin no", "PasswordAuthentication no", "KbdInteractiveAuthentication no"
    ]  # fmt: skip
    assert fake.calls.count(("systemctl", "reload", "ssh")) == 1
    code, _ = fake.run_agent("apply", wanted(**BOTH))
    assert code == EXIT_OK
    assert fake.calls.count(("systemctl", "reload", "ssh")) == 1
    fake.run_agent("undo", wanted(**BOTH))
    assert difference(before, fake.snapshot()) == {}
    assert fake.calls.count(("systemctl", "reload", "ssh")) == 2


def test_what_is_no_longer_wanted_goes(machine: Machine) -> None:
    fake = with_server(machine)
    fake.run_agent("apply", wanted(**BOTH))
    fake.run_agent("apply", wanted(forbidRootLogin=True))
    assert "Password" not in (fake.root / DROP_IN).read_text()
    fake.run_agent("apply", wanted())
    assert not (fake.root / DROP_IN).exists()


def test_a_file_of_that_name_that_is_not_ours_stays_when_nothing_is_wanted(machine: Machine) -> None:
    fake = with_server(machine)
    (fake.root / DROP_IN).write_text("PermitRootLogin no\n")
    assert plan_of(fake, "sshd", wanted()) == StepPlan()


def test_the_whole_configuration_is_judged_with_the_new_file_in_its_place(machine: Machine) -> None:
    fake = with_server(machine)
    read = {}

    def sshd(words: list[str]) -> tuple[int, str]:
        assert words[:2] == ["-t", "-f"]
        root = (fake.root / words[2].lstrip("/")).read_text()
        read["root"] = root
        name = root.splitlines()[0].split('"')[1]
        read["new"] = (fake.root / name.lstrip("/")).read_text()
        return 255, "Bad configuration option: Permit\nterminating, 1 bad configuration options"

    fake.answers["/usr/sbin/sshd"] = sshd
    before = fake.snapshot()
    code, report = fake.run_agent("apply", wanted(**BOTH))
    assert code == EXIT_FAILED
    assert "CandidateRejected: nothing was changed: `sshd -t` refuses it: terminating, 1 bad" in report
    assert "PermitRootLogin no" in read["new"]
    # Ours comes before 50-cloud.conf, which allows what we forbid.
    assert read["root"].splitlines()[0].endswith('drop-in.conf" "/etc/ssh/sshd_config.d/50-cloud.conf"')
    assert read["root"].splitlines()[1:] == (fake.root / "etc/ssh/sshd_config").read_text().splitlines()[1:]
    assert difference(before, fake.snapshot()) == {}


def test_nobody_is_locked_out(machine: Machine) -> None:
    fake = with_server(machine, key=False)
    root = fake.root / "root/.ssh/authorized_keys"
    root.parent.mkdir(parents=True)
    root.write_text("ssh-ed25519 AAAA root\n")
    code, report = fake.run_agent("apply", wanted(**BOTH))
    assert code == EXIT_CHECKS
    assert "nobody but root has an ssh key here" in report
    assert not (fake.root / DROP_IN).exists()
    # Keys may also be elsewhere, or come from a directory service.
    config = fake.root / "etc/ssh/sshd_config"
    for line in ("AuthorizedKeysCommand /usr/bin/sss_keys", "TrustedUserCAKeys /etc/ssh/ca.pub"):
        text = config.read_text()
        config.write_text(f"{line}\n{text}")
        assert plan_of(fake, "sshd", wanted(**BOTH)).actions
        config.write_text(text)
    config.write_text(f"AuthorizedKeysFile /etc/ssh/keys/%u .ssh/none\n{config.read_text()}")
    assert not plan_of(fake, "sshd", wanted(**BOTH)).actions
    (fake.root / "home/ada").mkdir(parents=True)
    (fake.root / "etc/ssh/keys").mkdir()
    (fake.root / "etc/ssh/keys/ada").write_text("ssh-ed25519 AAAA ada\n")
    assert plan_of(fake, "sshd", wanted(**BOTH)).actions


def test_a_drop_in_that_would_not_count_is_not_written(machine: Machine) -> None:
    fake = with_server(machine)
    earlier = fake.root / "etc/ssh/sshd_config.d/01-first.conf"
    earlier.write_text("PermitRootLogin yes\n")
    plan = plan_of(fake, "sshd", wanted(**BOTH))
    assert plan.actions == ()
    assert "PermitRootLogin is yes in /etc/ssh/sshd_config.d/01-first.conf, no is wanted" in said(plan)
    earlier.unlink()
    config = fake.root / "etc/ssh/sshd_config"
    config.write_text(config.read_text().replace("Include", "#Include"))
    plan = plan_of(fake, "sshd", wanted(**BOTH))
    assert plan.actions == ()
    assert "/etc/ssh/sshd_config does not include /etc/ssh/sshd_config.d/*.conf" in said(plan)


def test_machines_without_a_server_or_with_one_at_rest(machine: Machine) -> None:
    fake = with_server(machine, unit="sshd")
    plan = plan_of(fake, "sshd", wanted(**BOTH))
    assert [action.kind for action in plan.actions] == ["file", "restart"]
    assert not plan.actions[-1].disruptive
    fake.service("sshd", "inactive")
    assert [action.kind for action in plan_of(fake, "sshd", wanted(**BOTH)).actions] == ["file"]
    (fake.root / "etc/ssh/sshd_config").unlink()
    assert plan_of(fake, "sshd", wanted(**BOTH)) == StepPlan()


def test_a_server_that_does_not_run_any_more_needs_no_reload_on_the_way_back(machine: Machine) -> None:
    """As after a power loss, where nobody starts it at boot."""
    fake = with_server(machine)
    before = fake.snapshot()
    fake.run_agent("apply", wanted(**BOTH))
    fake.service("ssh", "inactive")
    fake.calls.clear()
    code, report = fake.run_agent("undo", wanted(**BOTH))
    assert code == EXIT_OK, report
    assert ("systemctl", "reload", "ssh") not in fake.calls
    fake.service("ssh", "active")
    assert difference(before, fake.snapshot()) == {}
