"""The command line as a program: exit codes, refusals, old Pythons, what it must never do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from agent.errors import EXIT_CODES

from tests.unit.agent.bed import AGENT_HOME, HERE

SOURCES = sorted((AGENT_HOME / "agent").rglob("*.py"))


def run(
    *arguments: str, python: str = sys.executable, root: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "KUBERNETES_SERVICE_HOST": ""}
    command = [python, "-m", "agent", *arguments, *(["--root", str(root)] if root else [])]
    return subprocess.run(
        command, cwd=AGENT_HOME, env=environment, capture_output=True, text=True, check=False
    )


def settings_file(folder: Path, **value: object) -> str:
    path = folder / "settings.json"
    path.write_text(json.dumps(value))
    return str(path)


def test_help_has_every_exit_code() -> None:
    text = run("--help").stdout
    for code, meaning in EXIT_CODES.items():
        assert re.search(rf"^ +{code} +{re.escape(meaning)}$", text, re.MULTILINE)


def test_faults_of_the_settings_come_at_once(tmp_path: Path) -> None:
    done = run("plan", "--settings", settings_file(tmp_path, swap="on", modules=1))
    assert done.returncode == 2
    assert "swap: must be one of" in done.stderr
    assert "modules: must be a list" in done.stderr


def test_apply_needs_the_value_too(tmp_path: Path) -> None:
    done = run("apply", "--settings", settings_file(tmp_path, swap="off"), root=tmp_path)
    assert done.returncode == 2
    assert '`apply` changes the machine only with "mode": "apply"' in done.stderr


def test_plan_as_json_on_a_folder(tmp_path: Path) -> None:
    root = shutil.copytree(HERE / "rootfs/gpu-driver", tmp_path / "root", symlinks=True)
    file = settings_file(tmp_path, driver={"expected": True, "version": "1.2"})
    done = run("plan", "--settings", file, "--json", "--metrics", str(tmp_path / "m"), root=root)
    assert done.returncode == 5, done.stderr
    report = json.loads(done.stdout)
    assert report["reason"] == "ChecksFailed"
    assert report["driver"] == "570.133.20"
    assert 'check="driver"} 1' in (tmp_path / "m").read_text()


def test_status_tells_what_was_changed(tmp_path: Path) -> None:
    root = shutil.copytree(HERE / "rootfs/gpu-driver", tmp_path / "root", symlinks=True)
    file = settings_file(tmp_path, mode="apply", driver={"expected": True, "collectTo": "/opt/nvidia-driver"})
    assert (
        run("status", "--settings", file, root=root).stdout
        == "the agent has changed nothing on this machine\n"
    )
    (root / "var/lib").mkdir(parents=True)
    done = run("apply", "--settings", file, root=root)
    assert done.returncode == 0, done.stdout + done.stderr
    said = run("status", "--settings", file, root=root).stdout
    assert re.search(r"^0001-\d{8}T\d{6}Z-[0-9a-f]{16}: committed$", said, re.MULTILINE)
    assert "/opt/nvidia-driver: 6 files of the driver" in said


def _pythons() -> dict[str, str]:
    """Version -> program, of every Python of this machine that a host may have; ours at least."""
    found = {".".join(map(str, sys.version_info[:2])): sys.executable}
    for version in ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14"):
        programs = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
        program = shutil.which(f"python{version}", path="/usr/bin:/usr/local/bin")
        found |= {version: program or str(programs[0])} if program or programs else {}
    return found


PYTHONS = _pythons()


@pytest.mark.parametrize("version", PYTHONS)
def test_runs_on_old_and_new_pythons(tmp_path: Path, version: str) -> None:
    python = PYTHONS[version]
    root = shutil.copytree(HERE / "rootfs/gpu-driver", tmp_path / "root", symlinks=True)
    (root / "var/lib").mkdir(parents=True)
    file = settings_file(tmp_path, mode="apply", driver={"expected": True, "collectTo": "/opt/nvidia-driver"})
    codes = [
        run(command, "--settings", file, python=python, root=root).returncode for command in ("apply", "undo")
    ]
    assert codes == [0, 0]
    imports = "; ".join(f"import {_module(path)}" for path in SOURCES if path.name != "__main__.py")
    done = subprocess.run(
        [python, "-B", "-c", imports], cwd=AGENT_HOME, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_only_the_standard_library_is_imported() -> None:
    for path in SOURCES:
        for name in re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(), re.MULTILINE):
            assert name in sys.stdlib_module_names | {"agent"}, f"{path}: {name}"


def test_systemd_is_never_told_to_reload() -> None:
    """`systemctl daemon-reload`, and what implies it: enable, disable, mask, unmask, edit, set-property."""
    for path in SOURCES:
        code = re.sub(r'"""[\s\S]*?"""|#[^\n]*', "", path.read_text())
        assert not re.search(r"daemon-reload|\"(enable|disable|mask|unmask|edit|set-property)\"", code), path


def test_modules_fit_a_config_map() -> None:
    assert sum(path.stat().st_size for path in SOURCES) < 400 * 1024
    assert max(len(path.read_text().splitlines()) for path in SOURCES) < 260


def test_converged_run_is_cheap(tmp_path: Path) -> None:
    file = settings_file(tmp_path, modules=[], checks={"disk": [{"path": "/", "freeGib": 0}]})
    done = run("plan", "--settings", file, "--standalone", "--metrics", str(tmp_path / "m"))
    assert done.returncode == 0, done.stdout
    match = re.search(r"last_run_cpu_seconds\S* ([\d.]+)", (tmp_path / "m").read_text())
    assert match
    assert float(match.group(1)) < 1.0


def _module(path: Path) -> str:
    parts = path.relative_to(AGENT_HOME).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
