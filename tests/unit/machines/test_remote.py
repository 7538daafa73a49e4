"""What is sent to a machine: a shell text that shellcheck takes, and that works."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from generator.machines.running.remote import Task, remote_command, remote_text, shown, task

SCRIPT = '#!/bin/sh\nprintf "%s|" "$@"\ncat\necho trouble >&2\n[ "$1" != --fail ] || exit 7\n'
# systemd is not to be touched by a unit test: a unit is never active, and one that is started runs at once.
SYSTEMD = {
    "systemctl": "#!/bin/sh\nexit 3\n",
    "systemd-run": '#!/bin/sh\nwhile [ "$1" != sh ]; do shift; done\nexec "$@"\n',
    "mktemp": '#!/bin/sh\nexec /usr/bin/mktemp -d "$PLACE/labhelm-run.XXXXXX"\n',
    "id": "#!/bin/sh\necho 0\n",
}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    for name, text in SYSTEMD.items():
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "place").mkdir()
    return {"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "PLACE": str(tmp_path / "place")}


def run(work: Task, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """As sshd does: one string, to a login shell."""
    command = remote_command(remote_text("kitt", SCRIPT, work))
    return subprocess.run(
        ["sh", "-c", command], input=SCRIPT + work.payload, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="needs shellcheck")
@pytest.mark.parametrize("goes_on", [False, True])
def test_shellcheck_finds_nothing(goes_on: bool, tmp_path: Path) -> None:
    text = remote_text("kitt", SCRIPT, task("--start", "-", "--", "--node-name=it's me", goes_on=goes_on))
    (tmp_path / "remote.sh").write_text(text)
    said = subprocess.run(
        ["shellcheck", "--shell=sh", str(tmp_path / "remote.sh")], capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("goes_on", [False, True])
def test_the_script_gets_its_words_and_its_input_and_nothing_stays(
    goes_on: bool, environment: dict[str, str]
) -> None:
    said = run(task("--start", "-", "it's me", payload="a secret\n", goes_on=goes_on), environment)
    assert (said.returncode, said.stdout, said.stderr) == (0, "--start|-|it's me|a secret\n", "trouble\n")
    assert list(Path(environment["PLACE"]).iterdir()) == []


@pytest.mark.parametrize("goes_on", [False, True])
def test_its_exit_code_is_handed_on(goes_on: bool, environment: dict[str, str]) -> None:
    assert run(task("--fail", goes_on=goes_on), environment).returncode == 7
    assert list(Path(environment["PLACE"]).iterdir()) == []


def test_calls_end_with_the_first_that_fails(environment: dict[str, str]) -> None:
    work = Task((("--state",), ("--fail",), ("--never",)))
    said = run(work, environment)
    assert (said.returncode, said.stdout) == (7, "--state|--fail|")
    assert shown("kitt", work.calls) == "sh kitt.sh --state; sh kitt.sh --fail; sh kitt.sh --never"
