"""Each step on its own: what it makes of odd machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from agent.containerd.mirrors import hosts_toml, registries_yaml
from agent.containerd.toml import parse as parse_toml
from agent.errors import StepFailed
from agent.facts import active_swaps, held_packages, module_built_in, module_loaded
from agent.host import Host, sysctl_path
from agent.runner import Result
from agent.settings import Mirror, MirrorEndpoint, Settings
from agent.standalone import NoCluster
from agent.steps import STEPS
from agent.steps.base import StepPlan, View
from agent.steps.docker import merged
from agent.steps.kubelet import with_flag
from agent.steps.swap import without_swap
from agent.validate import parse

from tests.unit.agent.bed import FakeMachine, Machine, settings_of
from tests.unit.agent.test_cycle import prepare


def plan_of(fake: FakeMachine, step: str, settings: Settings) -> StepPlan:
    chosen = next(item for item in STEPS if item.name == step)
    return chosen.plan(chosen.inspect(View(fake.host(), settings, NoCluster())))


def wanted(**value: Any) -> Settings:
    return parse({"mode": "apply", **value})


def said(plan: StepPlan) -> str:
    return "\n".join([plan.refusal, *(f"{item.level} {item.message}" for item in plan.findings)])


@pytest.mark.parametrize("step", [item.name for item in STEPS])
def test_nothing_asked_nothing_done(machine: Machine, step: str) -> None:
    assert plan_of(machine("builtin-kernel"), step, wanted()) == StepPlan()


# -- swap ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "# /dev/sdb1 none swap sw 0 0\n",
        "   # swap\n",
        "/srv/swap.img /mnt/swapped ext4 loop 0 0\n",
        "nas:/swap /swap nfs defaults 0 0\n",
        "UUID=1 / ext4 noswap,errors=remount-ro 0 1\n",
        "none swap\n",
        "\n",
        "swap swap tmpfs swap 0 0",
    ],
)
def test_fstab_lines_that_only_mention_swap_stay(line: str) -> None:
    assert without_swap(line) == line


@pytest.mark.parametrize(
    "line", ["/dev/sda2 none swap sw 0 0\n", "\t/s\tnone\tswap\tsw\r\n", "/swap swap swap defaults"]
)
def test_fstab_entries_of_type_swap_are_commented_out(line: str) -> None:
    text = "before\n" + line
    assert without_swap(text) == "before\n# off for Kubernetes (Labhelm): " + line
    assert without_swap(without_swap(text)) == without_swap(text)


def test_swap_names_with_blanks(machine: Machine) -> None:
    fake = machine("builtin-kernel")
    (fake.root / "proc/swaps").write_text("Filename Type Size Used Priority\n/my\\040swap file 1024 0 5\n")
    assert active_swaps(fake.host()) == {"/my swap": 5}


def test_swap_left_on_warns_when_the_kubelet_will_refuse(machine: Machine) -> None:
    fake = machine("debian12-bare")
    assert "warning swap is on (/dev/sda2, /swapfile, /dev/zram0)" in said(plan_of(fake, "swap", wanted()))
    tolerated = wanted(kubelet={"config": {"failSwapOn": False}})
    assert plan_of(fake, "swap", tolerated) == StepPlan()


def test_limited_swap_is_a_matter_of_the_kubelet(machine: Machine) -> None:
    fake, settings = machine("debian12-bare"), wanted(swap="limited")
    assert plan_of(fake, "swap", settings).actions == ()
    fake.host()
    text = plan_of(fake, "kubelet", settings).actions
    assert any('"swapBehavior": "LimitedSwap"' in action.describe() for action in text)


# -- modules ------------------------------------------------------------------------------------------------


def test_built_in_counts_as_loaded(machine: Machine) -> None:
    host = machine("builtin-kernel").host()
    assert module_loaded(host, "overlay"), "listed in /proc/filesystems"
    assert module_loaded(host, "br_netfilter"), "its sysctls are there"
    assert not module_loaded(host, "nf_conntrack")
    assert module_built_in(machine("debian12-bare").host(), "ext4") is True


def test_module_this_kernel_cannot_have_is_named(machine: Machine) -> None:
    plan = plan_of(machine("builtin-kernel"), "modules", wanted(modules=["overlay", "ip_vs"]))
    assert plan.refusal == "ip_vs: not in this kernel, and /lib/modules/6.18.44 is not there"


# -- sysctls ------------------------------------------------------------------------------------------------


def test_unknown_key_is_refused_unless_a_module_may_bring_it(machine: Machine) -> None:
    fake = machine("debian12-bare")
    key = {"net.bridge.bridge-nf-call-iptables": "1"}
    assert "this kernel has no net.bridge" in plan_of(fake, "sysctl", wanted(sysctls=key)).refusal
    assert not plan_of(fake, "sysctl", wanted(sysctls=key, modules=["br_netfilter"])).refusal


def test_last_line_of_a_later_file_counts_and_hidden_files_do_not(machine: Machine) -> None:
    fake, settings = machine("debian12-bare"), wanted(sysctls={"net.ipv4.ip_forward": "1"})
    assert plan_of(fake, "sysctl", settings).findings == (), "10-network.conf is read before ours"
    (fake.root / "usr/lib/sysctl.d").mkdir(parents=True)
    (fake.root / "usr/lib/sysctl.d/99-z.conf").write_text("net.ipv4.ip_forward = 0\n")
    assert "/usr/lib/sysctl.d/99-z.conf:1 sets" in said(plan_of(fake, "sysctl", settings))
    (fake.root / "etc/sysctl.d/99-z.conf").symlink_to("/dev/null")
    assert plan_of(fake, "sysctl", settings).findings == (), "masked"
    (fake.root / "etc/sysctl.conf").write_text("net.ipv4.ip_forward=0\nnet.ipv4.ip_forward=1\n")
    assert plan_of(fake, "sysctl", settings).findings == (), "its last line agrees"


def test_names_with_dots_in_them() -> None:
    assert sysctl_path("net.ipv4.conf.eth0/100.rp_filter") == "/proc/sys/net/ipv4/conf/eth0.100/rp_filter"


def test_inotify_limits_are_lower_bounds(machine: Machine) -> None:
    fake = machine("debian12-bare")
    plan = plan_of(fake, "inotify", wanted(inotify={"maxUserWatches": 1000}))
    assert [action.kind for action in plan.actions] == ["file", "file"] or len(plan.actions) == 1
    assert "max_user_watches = 2000000" in plan.actions[-1].describe(), "the host's higher value stays"


# -- packages -----------------------------------------------------------------------------------------------


def test_holds_of_what_is_installed_and_not_held(machine: Machine) -> None:
    fake = machine("debian12-bare")
    plan = plan_of(fake, "holds", wanted(holds=["kubelet", "kubeadm", "kubectl", "none"]))
    assert [action.describe() for action in plan.actions] == ["hold kubelet (apt)"]


def test_dnf_versionlock(machine: Machine) -> None:
    fake, locked = machine("builtin-kernel"), ["kubeadm-0:1.36.3-150500.1.1.*"]
    (fake.root / "usr/bin").mkdir(parents=True, exist_ok=True)
    (fake.root / "usr/bin/dnf").touch()

    def dnf(args: list[str]) -> tuple[int, str]:
        if args[2] == "add":
            locked.append(f"{args[3]}-0:1.36.3-150500.1.1.*")
        elif args[2] == "delete":
            locked[:] = [line for line in locked if not line.startswith(args[3])]
        return 0, "\n".join(locked) + "\n"

    fake.answers.update(dnf=dnf, rpm=lambda args: (int(args[1] == "kubectl"), ""))
    assert held_packages(fake.host(), "dnf") == {"kubeadm"}
    settings = wanted(holds=["kubelet", "kubeadm", "kubectl"])
    code, report = fake.run_agent("apply", settings)
    assert code == 0, report
    assert held_packages(fake.host(), "dnf") == {"kubeadm", "kubelet"}
    fake.run_agent("undo", settings)
    assert held_packages(fake.host(), "dnf") == {"kubeadm"}


# -- docker -------------------------------------------------------------------------------------------------


def test_merge_keeps_other_keys_their_order_and_the_indent() -> None:
    before = '{\n\t"b": {"x": 1, "y": [1]},\n\t"a": null\n}\n'
    after = merged(before, {"b": {"y": [2]}, "c": True})
    assert json.loads(after) == {"b": {"x": 1, "y": [2]}, "a": None, "c": True}
    assert list(json.loads(after)) == ["b", "a", "c"]
    assert '\n\t"b"' in after
    assert merged(before, {"b": {"x": 1}}) is before, "not a byte when nothing changes"


@pytest.mark.parametrize(
    ("text", "reason"), [("{", "is not a JSON object"), ("[]", "top level must be an object")]
)
def test_broken_daemon_json_is_not_touched(machine: Machine, text: str, reason: str) -> None:
    fake = machine("debian12-bare")
    (fake.root / "etc/docker/daemon.json").write_text(text)
    assert reason in plan_of(fake, "docker", wanted(docker={"daemon": {"debug": True}})).refusal


def test_docker_that_is_not_there(machine: Machine) -> None:
    plan = plan_of(machine("builtin-kernel"), "docker", wanted(docker={"daemon": {"debug": True}}))
    assert plan.refusal == "docker.daemon is set, but dockerd is not installed"


def test_dockerd_judges_the_candidate(machine: Machine) -> None:
    fake = machine("debian12-bare")
    fake.answers["dockerd"] = lambda args: (1, "unable to configure the Docker daemon: invalid log-opts")
    before = fake.snapshot()
    code, report = fake.run_agent("apply", wanted(docker={"daemon": {"log-opts": {"x": "y"}}}))
    assert code == 1
    assert "CandidateRejected: nothing was changed: dockerd --validate: unable to configure" in report
    assert fake.snapshot() == before
    assert not (fake.root / "var/lib/labhelm").exists()


# -- kubelet ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'KUBELET_EXTRA_ARGS="--x"\n'),
        ("A=1", 'A=1\nKUBELET_EXTRA_ARGS="--x"\n'),
        ("KUBELET_EXTRA_ARGS=\nB=2\n", 'KUBELET_EXTRA_ARGS="--x"\nB=2\n'),
        ("KUBELET_EXTRA_ARGS='--a --b'\n", 'KUBELET_EXTRA_ARGS="--a --b --x"\n'),
        ("#KUBELET_EXTRA_ARGS=--old\n", '#KUBELET_EXTRA_ARGS=--old\nKUBELET_EXTRA_ARGS="--x"\n'),
    ],
)
def test_flag_joins_the_environment_file(before: str, after: str) -> None:
    assert with_flag(before, "--x") == after


def test_directory_the_kubelet_has_is_used(machine: Machine) -> None:
    fake = machine("debian12-bare")
    (fake.root / "etc/default/kubelet").write_text("KUBELET_EXTRA_ARGS=--config-dir=/etc/kubelet.d\n")
    actions = plan_of(fake, "kubelet", wanted(kubelet={"config": {"maxPods": 9}})).actions
    paths = [action.describe().split(":")[0] for action in actions]
    assert paths == ["/etc/kubelet.d", "/etc/kubelet.d/90-labhelm.conf", "systemctl restart kubelet"]


def test_before_the_machine_joined_nothing_restarts(machine: Machine) -> None:
    fake = machine("debian12-bare")
    fake.service("kubelet", "activating")
    actions = plan_of(fake, "kubelet", wanted(kubelet={"config": {"maxPods": 9}})).actions
    assert "restart" not in [action.kind for action in actions]


def test_red_hat_and_k3s_have_other_places(machine: Machine) -> None:
    fake = machine("builtin-kernel")
    (fake.root / "etc/sysconfig").mkdir()
    actions = plan_of(fake, "kubelet", wanted(kubelet={"config": {"maxPods": 9}})).actions
    assert any(action.describe().startswith("/etc/sysconfig/kubelet") for action in actions)
    fake = machine("k3s-v3")
    (fake.root / "var/lib/rancher/k3s/agent/etc/kubelet.conf.d").mkdir(parents=True)
    fake.service("kubelet", "inactive")
    fake.service("k3s-agent", "active")
    actions = plan_of(fake, "kubelet", wanted(kubelet={"config": {"maxPods": 9}})).actions
    folder = "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/90-labhelm.conf"
    assert [action.describe().split(": ")[0].splitlines()[0] for action in actions] == [
        folder,
        "systemctl restart k3s-agent",
    ]


def test_flags_that_stop_the_kubelet_are_named(machine: Machine) -> None:
    fake = machine("debian12-bare")
    flags = fake.root / "var/lib/kubelet/kubeadm-flags.env"
    flags.parent.mkdir(parents=True)
    flags.write_text('KUBELET_KUBEADM_ARGS="--pod-infra-container-image=registry.k8s.io/pause:3.9"\n')
    assert plan_of(fake, "kubelet", wanted(kubernetesVersion="1.34")).findings == ()
    text = said(plan_of(fake, "kubelet", wanted(kubernetesVersion="1.36")))
    assert (
        "kubeadm-flags.env has --pod-infra-container-image, which kubelet 1.36 refuses (gone in 1.35)" in text
    )


def test_old_kubelet_without_drop_ins(machine: Machine) -> None:
    settings = wanted(kubernetesVersion="1.28", kubelet={"config": {"maxPods": 9}})
    assert (
        "kubelet 1.28 has no drop-in directory"
        in plan_of(machine("debian12-bare"), "kubelet", settings).refusal
    )


def test_kubelet_that_does_not_come_back_gets_its_old_files(machine: Machine) -> None:
    fake = machine("debian12-bare")
    prepare(fake)
    before = fake.snapshot()

    def systemctl(args: list[str]) -> tuple[int, str]:
        broken = (fake.root / "etc/kubernetes/kubelet.conf.d/90-labhelm.conf").exists()
        if args == ["is-active", "kubelet"] and broken:
            return 3, "activating"
        return fake._systemctl(args)

    code, _ = fake.run_agent("plan", wanted(kubelet={"config": {"maxPods": -1}}))
    fake.answers["systemctl"] = systemctl
    settings = wanted(kubelet={"config": {"maxPods": -1}}, healthSeconds=0)
    code, report = fake.run_agent("apply", settings)
    assert code == 1
    assert "Unhealthy: kubelet is not healthy" in report
    assert fake.snapshot() == before


# -- driver -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "driver", "message"),
    [
        ("proc/driver/nvidia/version", {}, "no NVIDIA driver is loaded"),
        (
            "",
            {"version": "580.1.2"},
            "NVIDIA driver 570.133.20 is loaded, 580.1.2 is wanted on all GPU nodes",
        ),
        ("", {"root": "/run/nvidia/driver"}, "no libnvidia-ml.so or libcuda.so under /run/nvidia/driver"),
    ],
)
def test_driver_that_is_not_right_is_named(
    machine: Machine, change: str, driver: dict[str, str], message: str
) -> None:
    fake = machine("gpu-driver")
    if change:
        (fake.root / change).unlink()
    plan = plan_of(fake, "driver", wanted(driver={"expected": True, **driver}))
    assert f"failed {message}" in said(plan)
    assert plan.actions == ()


def test_collection_follows_the_driver_and_leaves_other_folders_alone(machine: Machine) -> None:
    fake = machine("gpu-driver")
    settings = settings_of("gpu-driver", driver={"expected": True, "collectTo": "/opt/x/y"})
    code, report = fake.run_agent("apply", settings)
    assert code == 0, report
    collected = fake.root / "opt/x/y"
    assert sorted(path.name for path in collected.iterdir()) == [
        ".labhelm-collected.json",
        "libcuda.so.1",
        "libcuda.so.570.133.20",
        "libnvidia-ml.so.1",
        "libnvidia-ml.so.570.133.20",
        "libnvidia-ptxjitcompiler.so.570.133.20",
        "nvidia-smi",
    ]
    assert (collected / "libcuda.so.1").read_text() == "libcuda.so.570.133.20\n"
    assert (collected / "nvidia-smi").stat().st_mode & 0o111
    (fake.root / "usr/lib/x86_64-linux-gnu/libcuda.so.570.133.20").write_text("newer driver\n")
    code, report = fake.run_agent("apply", settings)
    assert code == 0, report
    assert (collected / "libcuda.so.1").read_text() == "newer driver\n"
    other = settings_of("gpu-driver", driver={"expected": True, "collectTo": "/usr/lib/x86_64-linux-gnu"})
    code, report = fake.run_agent("apply", other)
    assert code == 5
    assert "/usr/lib/x86_64-linux-gnu exists and was not made by the agent" in report


# -- mirrors, in the form each reader wants -----------------------------------------------------------------

MIRROR = Mirror(
    "_default",
    (
        MirrorEndpoint('https://m.example.org:5000/a"b', ca="/etc/ca.pem", skip_verify=True),
        MirrorEndpoint("http://n"),
    ),
    "https://registry.example.org",
)


def test_hosts_toml_is_toml() -> None:
    values = parse_toml(hosts_toml(MIRROR)).values
    assert values["server"] == "https://registry.example.org"
    first = values["host"]['https://m.example.org:5000/a"b']
    assert first == {"capabilities": ["pull", "resolve"], "ca": "/etc/ca.pem", "skip_verify": True}


def test_registries_yaml_is_yaml() -> None:
    import yaml

    values = yaml.safe_load(registries_yaml((MIRROR,)))
    assert values["mirrors"] == {"*": {"endpoint": ['https://m.example.org:5000/a"b', "http://n"]}}
    assert values["configs"] == {
        "m.example.org:5000": {"tls": {"ca_file": "/etc/ca.pem", "insecure_skip_verify": True}}
    }


def test_hosts_file_of_somebody_else_is_not_taken_over(machine: Machine) -> None:
    fake = machine("containerd23-v4")
    hosts = fake.root / "etc/containerd/certs.d/_default/hosts.toml"
    hosts.parent.mkdir(parents=True)
    hosts.write_text('server = "https://mine"\n')
    code, report = fake.run_agent("apply", settings_of("containerd23-v4"))
    assert code == 5
    assert "/etc/containerd/certs.d/_default/hosts.toml exists and is not the agent's" in report


def test_links_are_followed_inside_the_root_only(machine: Machine, tmp_path: Path) -> None:
    fake = machine("debian12-bare")
    (tmp_path / "outside").write_text("untouched")
    (fake.root / "etc/real-fstab").write_text("/dev/sda2 none swap sw 0 0\n")
    (fake.root / "etc/fstab").unlink()
    (fake.root / "etc/fstab").symlink_to("/etc/real-fstab")
    host = fake.host()
    assert host.resolve("/etc/fstab") == "/etc/real-fstab"
    (fake.root / "etc/up").symlink_to("../../../../outside")
    assert host.resolve("/etc/up") == "/outside", "never above the root"
    assert host.read("/etc/up") is None
    code, report = fake.run_agent("apply", wanted(swap="off"))
    assert code == 0, report
    assert (fake.root / "etc/fstab").is_symlink(), "the link stays, what it points to changes"
    assert (fake.root / "etc/real-fstab").read_text().startswith("# off")


def test_secrets_stay_out_of_the_report(machine: Machine) -> None:
    fake = machine("debian12-bare")
    lines = "//nas/x /x cifs user=a,password=hunter2,uid=1 0 0\n/dev/sda2 none swap sw 0 0\n"
    (fake.root / "etc/fstab").write_text(lines)
    daemon = {
        "proxies": {"http-proxy": "http://me:hunter2@proxy:3128"},
        "auths": {"x": {"auth": "aHVudGVyMg=="}},
    }
    (fake.root / "etc/docker/daemon.json").write_text(json.dumps(daemon, indent=1))
    code, report = fake.run_agent("plan", wanted(swap="off", docker={"daemon": {"debug": True}}))
    assert code == 4
    assert "hunter2" not in report
    assert "aHVudGVyMg" not in report
    assert "user=a,password=***,uid=1" in report


@pytest.mark.parametrize("said", ["nsenter: cannot open /proc/1/ns/mnt: denied", "nsenter: not found"])
def test_host_that_cannot_be_entered_is_no_host_without_sysctls(machine: Machine, said: str) -> None:
    class Refused:
        def run(self, argv: Sequence[str], *, stdin: str = "", timeout: float = 60.0) -> Result:
            return Result(tuple(argv), 1, "", said)

    host = Host(str(machine("debian12-bare").root), Refused())
    with pytest.raises(StepFailed, match="the pod must be privileged, with hostPID"):
        host.sysctl("net.ipv4.ip_forward")
    missing = Result(("x",), 127, "", "nsenter: failed to execute ctr: No such file or directory")
    host.runner.run = lambda *_, **__: missing  # type: ignore[method-assign]
    assert host.ask("ctr").code == 127, "a program that the host does not have is an answer"
