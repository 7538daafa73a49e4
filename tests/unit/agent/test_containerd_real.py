"""Real containerd judges what the agent writes, in a mount namespace with this machine's root as "/".

Only services are played: a script in place of systemctl and ctr. Looked for: containerd on PATH, in the cache
of tools, and every program in $LABHELM_CONTAINERD (colon separated).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from agent.containerd.toml import parse
from agent.containerd.toolkit import cdi_spec, runtime_binary

from generator.toolchain.cache import cache_dir
from tests.unit.agent.bed import AGENT_HOME, HERE, Machine, settings_of

CASES = [
    ("1.6", "containerd16-default"),
    ("1.6", "containerd17-docker"),
    ("1.6", "containerd17-nvidia"),
    ("1.6", None),
    ("2.2", "containerd22-v3"),
    ("2.2", "containerd22-root-v2"),
    ("2.2", "containerd17-docker"),
    ("2.2", None),
]
SETTINGS = {
    "mode": "apply",
    "healthSeconds": 0,
    "containerd": {
        "manage": True,
        "sandboxImage": "registry.k8s.io/pause:3.10.2",
        "nvidia": {"enabled": True, "binary": "/bin/sh", "default": True},
        "mirrors": [{"registry": "docker.io", "endpoints": [{"url": "https://mirror.lab.example.org"}]}],
    },
}
INSIDE = """
set -e
mount -t tmpfs none /var/lib
mount -t tmpfs none /run
mkdir /run/upper /run/work
mount -t overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work overlay /etc
rm -rf /etc/containerd
mkdir /etc/containerd
cp -a "$CONFIG"/. /etc/containerd/ 2>/dev/null || true
chown -R 7:8 /etc/containerd
find /etc/containerd -type f -exec sha256sum {} + -exec stat -c '%n %a %u %g' {} + | sort > "$OUT/before"
run() { (cd "$AGENT_HOME"; "$PYTHON" -m agent "$@" --settings "$OUT/settings.json" --standalone --drained); }
run apply > "$OUT/first" 2>&1 || { cat "$OUT/first"; exit 1; }
cp -a /etc/containerd "$OUT/after"
containerd config dump > "$OUT/dump"
: > "$OUT/calls"
run apply > "$OUT/second" 2>&1
cp "$OUT/calls" "$OUT/second-calls"
run undo > "$OUT/undo" 2>&1
find /etc/containerd -type f -exec sha256sum {} + -exec stat -c '%n %a %u %g' {} + | sort > "$OUT/restored"
ls -A /var/lib > "$OUT/left"
"""
SYSTEMCTL = """#!/bin/sh
echo "systemctl $*" >> "$OUT/calls"
case "$1" in is-active) [ "$2" = containerd ] && echo active || { echo inactive; exit 3; };;
restart) [ ! -e /etc/containerd/config.toml ] || exec containerd config dump > /dev/null;; esac
"""
CTR = "#!/bin/sh\necho 'TYPE ID PLATFORMS STATUS'\necho 'io.containerd.grpc.v1 cri linux/amd64 ok'\n"


def cached(program: str) -> str:
    """The newest of the program in the cache of tools, or ""."""
    found = sorted((cache_dir() / "tools" / program).glob(f"*/{program}"))
    return str(found[-1]) if found else ""


def programs() -> dict[str, str]:
    """Release ("2.2") to a containerd of it."""
    found = [shutil.which("containerd") or "", cached("containerd")]
    found += os.environ.get("LABHELM_CONTAINERD", "").split(":")
    releases = {}
    for program in filter(None, found):
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
        version = said.split()[2].lstrip("v") if len(said.split()) > 2 else ""
        releases[".".join(version.split(".")[:2])] = program
    return releases


PROGRAMS = programs()


@pytest.mark.skipif(os.geteuid() != 0, reason="a mount namespace needs root")
@pytest.mark.parametrize(("release", "name"), CASES)
def test_real_containerd_accepts_what_is_written(tmp_path: Path, release: str, name: str | None) -> None:
    if release not in PROGRAMS:
        pytest.skip(f"no containerd {release} on PATH, in the cache of tools or in $LABHELM_CONTAINERD")
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / "containerd").symlink_to(PROGRAMS[release])
    for program, text in {"systemctl": SYSTEMCTL, "ctr": CTR}.items():
        (binaries / program).write_text(text)
        (binaries / program).chmod(0o755)
    (tmp_path / "settings.json").write_text(json.dumps(SETTINGS))
    config = HERE / "rootfs" / (name or "none") / "etc/containerd"
    environment = {
        **os.environ,
        "PATH": f"{binaries}:{os.environ['PATH']}",
        "OUT": str(tmp_path),
        "CONFIG": str(config),
        "PYTHON": sys.executable,
        "AGENT_HOME": str(AGENT_HOME),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", INSIDE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

    dump = parse((tmp_path / "dump").read_text())
    assert runtimes(dump.values) == {"runc": True, "nvidia": True}
    assert "Prepared" in (tmp_path / "second").read_text()
    assert "restart" not in (tmp_path / "second-calls").read_text()
    assert (tmp_path / "restored").read_text() == (tmp_path / "before").read_text()
    assert (tmp_path / "left").read_text() == ""


def runtimes(
    dump: dict[str, dict[str, dict[str, dict[str, dict[str, dict[str, dict[str, bool]]]]]]],
) -> dict[str, bool]:
    """Name to SystemdCgroup of the two that matter, whatever the version of the dump."""
    plugins = dump["plugins"]
    cri = plugins.get("io.containerd.cri.v1.runtime") or plugins["io.containerd.grpc.v1.cri"]
    found = cri["containerd"]["runtimes"]
    return {name: found[name]["options"]["SystemdCgroup"] for name in ("runc", "nvidia")}


CTK = os.environ.get("LABHELM_NVIDIA_CTK") or shutil.which("nvidia-ctk") or cached("nvidia-ctk")


@pytest.mark.skipif(not CTK, reason="no nvidia-ctk on PATH, in the cache of tools or in $LABHELM_NVIDIA_CTK")
def test_real_nvidia_ctk_tells_its_runtime(machine: Machine) -> None:
    fake = machine("containerd22-none")
    (fake.root / "usr/bin/nvidia-ctk").touch()
    (fake.root / "opt").mkdir()
    (fake.root / "opt/nvidia-container-runtime").touch()

    def ctk(args: list[str]) -> tuple[int, str]:
        done = subprocess.run([CTK, *args], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout or done.stderr

    fake.answers["nvidia-ctk"] = ctk
    host = fake.host()
    assert runtime_binary(host, "/opt/nvidia-container-runtime") == "/opt/nvidia-container-runtime"
    assert cdi_spec(host) is None, "there is no GPU here, and no reason to fail for it"
    nvidia = {"enabled": True, "binary": "/opt/nvidia-container-runtime", "cdiSpec": True}
    settings = settings_of("containerd22-none", containerd={"manage": True, "nvidia": nvidia})
    code, report = fake.run_agent("apply", settings)
    assert code == 0, report
