"""The programs of a machine, in the versions under test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.cluster.runner import CommandRunner
from generator.toolchain import Progress, Tool, ensure
from generator.toolchain.install import bring
from generator.toolchain.table import NEWEST, OLDEST, GoModule

# Needed by tests alone, so it is not among the tools of the product.
COREDNS_SOURCE = GoModule("coredns", "github.com/coredns/coredns")
COREDNS = Tool("coredns", "1.15.0", "coredns", COREDNS_SOURCE, "machines", ("-version",))

# containerd as Debian packages it, already in every machine.
DEBIAN = "1.6"


@dataclass(frozen=True)
class Software:
    """Versions that go together; `containerd` is "1.6" (Debian's) or "2.2"."""

    kubernetes: str = NEWEST
    containerd: str = "2.2"

    def __str__(self) -> str:
        return f"Kubernetes {self.kubernetes} with containerd {self.containerd}"


CURRENT = Software()
OLD = Software(OLDEST, DEBIAN)


@dataclass(frozen=True)
class Programs:
    """Finds the programs of one set of versions; the first time each is built, which takes minutes."""

    software: Software
    runner: CommandRunner
    progress: Progress

    def kubernetes(self, name: str) -> Path:
        """One of Kubernetes' own programs. Raises CommandError."""
        return ensure(name, version=self.software.kubernetes, runner=self.runner, progress=self.progress)

    def other(self, name: str) -> Path:
        """kubectl, etcd or coredns. Raises CommandError."""
        if name == COREDNS.name:
            return bring(COREDNS, self.runner, self.progress).path
        return ensure(name, runner=self.runner, progress=self.progress)

    def binds(self) -> dict[str, Path]:
        """What a machine sees as installed: path inside -> program here."""
        found = {f"/usr/bin/{name}": self.kubernetes(name) for name in ("kubelet", "kubeadm")}
        found["/usr/bin/kubectl"] = self.other("kubectl")
        if self.software.containerd != DEBIAN:
            names = ("containerd", "containerd-shim-runc-v2", "ctr")
            found |= {f"/usr/bin/{name}": self.other(name) for name in names}
        return found
