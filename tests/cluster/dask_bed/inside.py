"""Runs pods inside namespaces that die with it; the standard library alone.

`inside.py SPEC` answers requests, one JSON object a line:
  {"start": <pod>}            -> {"status": 200} of the probe; without a probe {"code": 0, "text": "..."}
  {"get": url, "headers": {}} -> {"status": 200, "body": "..."}
  {"stop": name}              -> {"code": 0, "seconds": 1.2} after SIGTERM
  {"log": name}               -> {"text": "..."}
Pods have a bridge between them, a read-only root, their own /etc/hosts and no privileges, as the chart asks.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

START_SECONDS = 90
GATEWAY = "10.77.0.1"
NAMESPACES = ("--net", "--mount", "--uts", "--pid", "--fork", "--kill-child")
PodDict = dict[str, Any]


def sh(*argv: str) -> None:
    """Run a command, silently."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(argv)}: {done.stderr}")


class Bed:
    """The bridge and the pods on it; their volumes and logs are under `work`."""

    def __init__(self, spec: PodDict) -> None:
        self.work, self.spec = Path(spec["work"]), spec
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        sh("ip", "link", "set", "lo", "up")
        sh("ip", "link", "add", "br0", "type", "bridge")
        sh("ip", "address", "add", f"{GATEWAY}/24", "dev", "br0")
        sh("ip", "link", "set", "br0", "up")

    def start(self, pod: PodDict) -> PodDict:
        """Start a pod and wait: for its probe to succeed, or for its end when it has none."""
        with (self.work / f"{pod['name']}.log").open("wb") as log:
            argv = ["unshare", *NAMESPACES, sys.executable, __file__, "pod"]
            process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=log, stderr=log)
        self.running[pod["name"]] = process
        self._plug(pod, _child(process.pid))
        assert process.stdin
        process.stdin.write(json.dumps({"spec": self.spec, "pod": pod}).encode())
        process.stdin.close()
        port, path = pod["probe"]
        if not port:
            return {"code": process.wait(START_SECONDS), **self.log(pod["name"])}
        return self._wait(process, f"http://{pod['address']}:{port}{path}")

    def _plug(self, pod: PodDict, pid: int) -> None:
        mine = f"v{pod['address'].rpartition('.')[2]}"
        sh("ip", "link", "add", mine, "type", "veth", "peer", "name", "eth0", "netns", str(pid))
        sh("ip", "link", "set", mine, "master", "br0", "up")

    def _wait(self, process: subprocess.Popen[bytes], url: str) -> PodDict:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            answer = get(url, {})
            if answer["status"] == 200:
                return answer
            time.sleep(0.2)
        return {"status": 0, "code": process.poll()}

    def stop(self, name: str) -> PodDict:
        """SIGTERM to the container's first process, as the kubelet sends it."""
        started, process = time.monotonic(), self.running.pop(name)
        os.kill(_child(process.pid), signal.SIGTERM)
        return {"code": process.wait(60), "seconds": time.monotonic() - started}

    def log(self, name: str) -> PodDict:
        """What the pod has printed."""
        return {"text": (self.work / f"{name}.log").read_text(errors="replace")}


def _child(pid: int) -> int:
    """First process in the pid namespace that `unshare --fork` made."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if found := children.read_text().split():
            return int(found[0])
        time.sleep(0.01)
    raise SystemExit("the pod did not start")


def get(url: str, headers: dict[str, str]) -> PodDict:
    """One HTTP request; status 0 when nobody answers."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return {"status": answer.status, "body": answer.read(200_000).decode(errors="replace")}
    except urllib.error.HTTPError as error:
        return {"status": error.code, "body": error.read(2000).decode(errors="replace")}
    except OSError as error:
        return {"status": 0, "body": str(error)}


def become_pod() -> None:
    """In the pod's namespaces: name, address, root, user; then the container's program takes over."""
    told = json.load(sys.stdin)
    spec, pod = told["spec"], told["pod"]
    sh("hostname", pod["name"])
    sh("ip", "link", "set", "lo", "up")
    sh("ip", "address", "add", f"{pod['address']}/24", "dev", "eth0")
    sh("ip", "link", "set", "eth0", "up")
    sh("ip", "route", "add", "default", "via", GATEWAY)
    os.chroot(make_root(spec, pod))
    os.chdir(pod["workdir"])
    env = {**pod["env"], "PATH": f"{spec['venv']}/bin:/usr/bin"}
    os.execve("/usr/bin/setpriv", ["setpriv", *privileges(spec, pod), "--", *pod["argv"]], env)


def privileges(spec: PodDict, pod: PodDict) -> list[str]:
    """User, group and no way up; without root outside there is only one user to be."""
    flags = ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]
    user = [f"--reuid={pod['uid']}", f"--regid={pod['gid']}", "--clear-groups"]
    return [*(user if spec["root"] else []), *flags]


def make_root(spec: PodDict, pod: PodDict) -> Path:
    """A root of this machine's programs and the pod's volumes; only the volumes are writable."""
    root = Path(spec["work"], "root")
    root.mkdir(exist_ok=True)
    sh("mount", "--make-rprivate", "/")
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(root))
    for path in (Path("/bin"), Path("/sbin"), Path("/lib"), Path("/lib64")):
        if path.is_symlink():
            (root / path.name).symlink_to(path.readlink())
        elif path.is_dir():
            bind(path, root / path.name, read_only=True)
    for each in ("/usr", spec["venv"], spec["python"]):
        bind(Path(each), inside(root, each), read_only=True)
    make_etc(root / "etc", spec["hosts"])
    make_dev(root / "dev")
    (root / "proc").mkdir()
    sh("mount", "-t", "proc", "proc", f"{root}/proc")
    for mount in pod["mounts"]:
        make_volume(root, Path(spec["work"]), mount)
    sh("mount", "-o", "remount,ro", str(root))
    return root


def inside(root: Path, path: str) -> Path:
    """The place in `root` that the pod sees as `path`."""
    return root / path.lstrip("/")


def make_etc(etc: Path, hosts: dict[str, str]) -> None:
    """Names of Services, and no entry for the container's user."""
    etc.mkdir()
    names = "".join(f"{address} {name}\n" for name, address in hosts.items())
    (etc / "hosts").write_text(f"127.0.0.1 localhost\n{names}")
    (etc / "nsswitch.conf").write_text("hosts: files\npasswd: files\n")
    (etc / "passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (etc / "resolv.conf").touch()
    libraries = Path("/etc/ld.so.cache")
    if libraries.exists():
        (etc / libraries.name).write_bytes(libraries.read_bytes())


def make_dev(dev: Path) -> None:
    """The few devices that containers have."""
    dev.mkdir()
    for name in ("null", "zero", "random", "urandom"):
        (dev / name).touch()
        sh("mount", "--bind", f"/dev/{name}", str(dev / name))
    (dev / "shm").mkdir()
    sh("mount", "-t", "tmpfs", "-o", "mode=1777,size=64m", "tmpfs", str(dev / "shm"))


def make_volume(root: Path, work: Path, mount: PodDict) -> None:
    """Claims are shared between pods, other volumes are the pod's own."""
    target = inside(root, mount["path"])
    target.mkdir(parents=True, exist_ok=True)
    if mount["kind"] == "memory":
        sh("mount", "-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(target))
        return
    source = work / mount["kind"] / mount["name"]
    source.mkdir(parents=True, exist_ok=True)
    source.chmod(0o777)
    for name, text in mount["files"].items():
        (source / name).write_text(text)
    bind(source, target, read_only=mount["read_only"])


def bind(source: Path, target: Path, *, read_only: bool) -> None:
    """Show `source` at `target`."""
    target.mkdir(parents=True, exist_ok=True)
    sh("mount", "--bind", str(source), str(target))
    if read_only:
        sh("mount", "-o", "remount,bind,ro", str(target))


def serve(spec: PodDict) -> None:
    """Answer requests until there are no more; what still runs then dies with this process."""
    bed = Bed(spec)
    for line in sys.stdin:
        match json.loads(line):
            case {"start": pod}:
                answer = bed.start(pod)
            case {"get": url, "headers": headers}:
                answer = get(url, headers)
            case {"stop": name}:
                answer = bed.stop(name)
            case {"log": name}:
                answer = bed.log(name)
            case other:
                raise SystemExit(f"no such request: {other}")
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    become_pod() if sys.argv[1] == "pod" else serve(json.loads(sys.argv[1]))
