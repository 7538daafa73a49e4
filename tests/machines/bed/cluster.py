"""A real Kubernetes cluster on the machines of a bed: kubeadm init on the first, join on the others."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from generator.cluster.runner import Result
from generator.toolchain import Progress, SilentProgress
from tests.machines.bed import images, node_files
from tests.machines.bed.bed import Bed, at_once
from tests.machines.bed.kubeadm import BedConfigs, KubeadmConfigs, parse_join_command
from tests.machines.bed.machine import Machine
from tests.machines.bed.rootfs import machines_dir
from tests.machines.bed.software import CURRENT, Programs, Software

NODES = {"bonnie": "172.31.77.11", "kitt": "172.31.77.12"}
IMAGES = "/opt/bed/images"


class Cluster:
    """A cluster and the clients to use it; `nodes` are addresses by name, the first is the control plane."""

    def __init__(
        self,
        bed: Bed,
        software: Software = CURRENT,
        *,
        nodes: Mapping[str, str] = NODES,
        configs: KubeadmConfigs | None = None,
        shares: Mapping[str, Path] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.bed = bed
        self.software = software
        self.nodes = dict(nodes)
        self.configs = configs or BedConfigs()
        # Folders of the host that all machines see and may write in, in place of NFS.
        self.shares = dict(shares or {})
        self.programs = Programs(software, bed.runner, progress or SilentProgress())
        # Wall seconds by step of the bring-up.
        self.seconds: dict[str, float] = {}

    @property
    def control_plane(self) -> Machine:
        """The machine that kubeadm init ran on."""
        return self.bed.machines[next(iter(self.nodes))]

    @property
    def workers(self) -> list[Machine]:
        """The machines that joined."""
        return [self.bed.machines[name] for name in list(self.nodes)[1:]]

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig on the host; its address is reached from the switch's network."""
        return self.bed.folder / "admin.conf"

    def up(self) -> None:
        """Boot the machines and make them a cluster whose nodes are Ready. Raises CommandError."""
        with self._timed("build"):
            archives = {
                "control-plane": images.control_plane(self.programs),
                "node": images.node(self.programs),
            }
            binds = {**self.programs.binds(), IMAGES: machines_dir() / "images"}
            names = images.kubeadm_names(self.programs)
        with self._timed("boot"):
            at_once(
                *(lambda n=n, a=a: self.bed.boot(n, a, binds, self.shares) for n, a in self.nodes.items())
            )
        files = node_files.before_kubeadm(
            containerd=self.software.containerd, pause=names["pause"], hosts=self.nodes
        )
        with self._timed("prepare"):
            at_once(*(lambda m=m: _prepare(m, files) for m in self._machines()))
        with self._timed("images"):
            first = [archives["control-plane"], archives["node"]]
            jobs = [lambda m=m: _load(m, [archives["node"]]) for m in self.workers]
            at_once(lambda: _load(self.control_plane, first), *jobs)
        with self._timed("init"):
            self._init()
        with self._timed("join"):
            at_once(*(lambda m=m: self._join(m) for m in self.workers))
        with self._timed("ready"):
            self._connect_pods()
            self.kubectl("wait", "--for=condition=Ready", "node", "--all", "--timeout=60s", timeout=70)

    def kubectl(
        self, *words: str, stdin: str | None = None, check: bool = True, timeout: float = 60.0
    ) -> Result:
        """Run kubectl as the administrator. Raises CommandError."""
        argv = [str(self.programs.other("kubectl")), f"--kubeconfig={self.kubeconfig}", *words]
        return self.bed.run(argv, stdin=stdin, check=check, timeout=timeout, env=_NO_PROXY)

    def get(self, *words: str) -> dict[str, object]:
        """What `kubectl get` says, parsed."""
        found: dict[str, object] = json.loads(self.kubectl("get", *words, "-o", "json").stdout)
        return found

    def apply(self, *objects: Mapping[str, object]) -> None:
        """Create or change objects. Raises CommandError."""
        documents = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        self.kubectl("apply", "-f", "-", stdin=json.dumps(documents))

    def wait_for(self, condition: str, *objects: str, seconds: int = 60) -> None:
        """Wait for a condition such as `condition=Ready`. Raises CommandError after `seconds`."""
        self.kubectl("wait", f"--for={condition}", f"--timeout={seconds}s", *objects, timeout=seconds + 10)

    def load(self, archive: Path) -> None:
        """Give all nodes the images of an archive in the cache (see `images`)."""
        at_once(*(lambda m=m: _load(m, [archive]) for m in self._machines()))

    def memory(self) -> int:
        """Bytes in use by all machines."""
        return sum(machine.memory() for machine in self._machines())

    def report(self) -> str:
        """The bring-up in figures."""
        steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in self.seconds.items())
        total, used = sum(self.seconds.values()), self.memory() / 2**20
        return f"{self.software} on {len(self.nodes)} machines: {total:.1f} s ({steps}), {used:.0f} MiB"

    def _machines(self) -> list[Machine]:
        return [self.bed.machines[name] for name in self.nodes]

    def _init(self) -> None:
        machine = self.control_plane
        config = self.configs.init(
            name=machine.name, address=machine.address, version=self.software.kubernetes
        )
        machine.push("/etc/bed/kubeadm.yaml", config, mode=0o600)
        machine.run(["kubeadm", "init", "--config=/etc/bed/kubeadm.yaml"], timeout=240)
        self.kubeconfig.touch(mode=0o600)
        self.kubeconfig.write_bytes(machine.pull("/etc/kubernetes/admin.conf"))

    def _join(self, machine: Machine) -> None:
        printed = self.control_plane.run(
            "KUBECONFIG=/etc/kubernetes/admin.conf kubeadm token create --print-join-command"
        )
        discovery = parse_join_command(printed.stdout)
        config = self.configs.join(name=machine.name, address=machine.address, discovery=discovery)
        machine.push("/etc/bed/kubeadm.yaml", config, mode=0o600)
        machine.run(["kubeadm", "join", "--config=/etc/bed/kubeadm.yaml"], timeout=240)

    def _connect_pods(self) -> None:
        """Give every machine its bridge and the routes to the others, once their pod ranges are known."""
        ranges = {}
        for name in self.nodes:
            # On a busy host `kubeadm join` is done before the kubelet has made its node.
            self.wait_for("create", f"node/{name}")
            self.wait_for("jsonpath={.spec.podCIDR}", f"node/{name}")
            ranges[name] = self.kubectl("get", "node", name, "-o", "jsonpath={.spec.podCIDR}").stdout
        for machine in self._machines():
            others = {ranges[name]: address for name, address in self.nodes.items() if name != machine.name}
            machine.push_tree(node_files.pod_network(own=ranges[machine.name], others=others))
            machine.run("systemctl daemon-reload; systemctl enable --now --quiet bed-routes")

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.seconds[step] = time.monotonic() - started


# A proxy that the host uses for its own traffic knows nothing of the machines.
_NO_PROXY = {"NO_PROXY": "*", "no_proxy": "*"}


def _prepare(machine: Machine, files: node_files.Files) -> None:
    machine.push_tree(files)
    machine.run(
        "sysctl --quiet --system; systemctl daemon-reload; systemctl enable --quiet kubelet; "
        "systemctl restart containerd"
    )


def _load(machine: Machine, archives: Sequence[Path]) -> None:
    for archive in archives:
        machine.run(["ctr", "-n=k8s.io", "images", "import", f"{IMAGES}/{archive.name}"], timeout=180)
