"""Real swap and real sysctls of this machine, in mount and network namespaces of their own.

Swap has no namespace: the test makes a small swap file, and does not run where other swap is in use.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.agent.bed import AGENT_HOME

SCRIPT = """
set -e
swapoff_at_end() { swapoff "$SWAP" 2>/dev/null || true; }
trap swapoff_at_end EXIT
mount -t tmpfs none /run
mount -t tmpfs none /var/lib
mkdir /run/upper /run/work
mount -t overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work overlay /etc
printf '# swap below\\n%s none swap sw,pri=7 0 0\\n/dev/x /swap ext4 defaults 0 0' "$SWAP" > /etc/fstab
chown 5:6 /etc/fstab; chmod 640 /etc/fstab; touch -d '2001-02-03 04:05:06.789' /etc/fstab
look() { sha256sum /etc/fstab; stat -c '%a %u %g %y' /etc/fstab; awk '{print $1, $5}' /proc/swaps
  cat /proc/sys/net/ipv4/ip_forward; ls /etc/sysctl.d /var/lib; }
run() { (cd "$AGENT_HOME"; "$PYTHON" -B -m agent "$@" --settings "$OUT/settings.json" --standalone); }
swapon -p 7 "$SWAP"
look > "$OUT/before"
run apply > "$OUT/first"
cat /proc/swaps > "$OUT/swaps"; cat /proc/sys/net/ipv4/ip_forward > "$OUT/forward"; cp /etc/fstab "$OUT/fstab"
touch "$OUT/stamp"; sleep 0.05
run apply --metrics "$OUT/metrics" > "$OUT/second"
find /etc /var/lib -xdev -newer "$OUT/stamp" > "$OUT/written"
run undo > "$OUT/undo"
look > "$OUT/after"
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="swapon and namespaces need root")
@pytest.mark.skipif(not shutil.which("mkswap") or not shutil.which("unshare"), reason="no mkswap or unshare")
def test_real_swap_and_sysctl_go_and_come_back(tmp_path: Path) -> None:
    if len(Path("/proc/swaps").read_text().splitlines()) > 1:
        pytest.skip("this machine uses swap of its own")
    swap = tmp_path / "swapfile"
    swap.write_bytes(bytes(4 * 1024 * 1024))
    swap.chmod(0o600)
    subprocess.run(["mkswap", str(swap)], check=True, capture_output=True)
    if subprocess.run(["swapon", str(swap)], check=False, capture_output=True).returncode:
        pytest.skip(f"the kernel takes no swap file on the file system of {tmp_path}")
    subprocess.run(["swapoff", str(swap)], check=True)
    settings = {"mode": "apply", "swap": "off", "sysctls": {"net.ipv4.ip_forward": "1"}}
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    names = {"OUT": str(tmp_path), "SWAP": str(swap), "PYTHON": sys.executable, "AGENT_HOME": str(AGENT_HOME)}
    command = ["unshare", "--mount", "--net", "--propagation", "private", "bash", "-c", SCRIPT]
    done = subprocess.run(command, env={**os.environ, **names}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    read = {path.name: path.read_text() for path in tmp_path.iterdir() if path.name != "swapfile"}
    assert len(read["swaps"].splitlines()) == 1
    assert read["forward"] == "1\n"
    assert read["fstab"].splitlines()[1].startswith("# off for Kubernetes (Labhelm): ")
    assert read["fstab"].splitlines()[2] == "/dev/x /swap ext4 defaults 0 0"
    assert float(read["metrics"].split("cpu_seconds{")[1].split()[1]) < 1.0
    assert read["written"] == "", "a second run writes nothing"
    assert read["after"] == read["before"], "content, mode, owner, time, priority and value"
