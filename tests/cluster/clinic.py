"""A cluster that doctor examines: a profile with a bit of everything, commands run as they are printed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from generator.checking import check_file
from generator.cluster.helm import Helm
from generator.cluster.kubectl import Access, Kubectl
from generator.cluster.local import LocalCluster
from generator.cluster.runner import SystemRunner
from generator.doctor.base import Wish
from generator.doctor.checks.custom_resources import is_custom
from generator.doctor.expected import wish_of
from generator.doctor.snapshot import group_of
from generator.toolchain import SilentProgress, ensure
from tests.cluster.command_line import make_command_line
from tests.cluster.custom_resources import are_established
from tests.cluster.live_objects import eventually
from tests.conftest import ROOT

MONITORING = "monitoring.coreos.com"
PROFILE = """\
name: clinic
nodes:
  - {name: bonnie, role: control-plane, schedulable: true, purposes: [system], cpu: 12, memory: 32Gi}
  - {name: kitt, cpu: 64, memory: 124Gi, gpus: {product: Tesla-T4, count: 2}}
  - {name: karr, cpu: 32, memory: 64Gi, taints: [{key: example.org/dedicated, effect: PreferNoSchedule}]}
gpu: {sharing: {strategy: time-slicing, replicas: 4}}
storage:
  default: nfs
  classes: {nfs: {type: nfs, server: bonnie, share: /export}}
  volumes:
    data: {size: 100Gi, nfs: {server: bonnie, path: /data}, claim: {team: vision, name: data}}
    archive:
      size: 1Ti
      smb: {source: //nas/archive, secret: {name: nas}}
      claim: {team: vision, name: archive}
network: {loadBalancer: [192.168.11.100-192.168.11.120]}
teams: [{name: vision, quota: {cpu: 32, memory: 64Gi, gpus: 4}}]
dask: {team: vision, service: LoadBalancer, volumes: [{volume: data, mountPath: /data}]}
overrides:
  dask:
    metrics: {enabled: true, labels: {release: prometheus}}
    extraObjects:
      - apiVersion: cert-manager.io/v1
        kind: Certificate
        metadata: {name: pages, namespace: vision}
        spec: {secretName: pages-tls, issuerRef: {name: ca}, dnsNames: [lab.example.org]}
      - apiVersion: kubeflow.org/v1alpha1
        kind: PodDefault
        metadata: {name: data, namespace: vision}
        spec: {selector: {matchLabels: {data: "true"}}, desc: data}
"""
PROMETHEUS = """\
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: main, namespace: default}
spec:
  serviceMonitorSelector: {matchLabels: {release: prometheus}}
  serviceMonitorNamespaceSelector: {}
  podMonitorSelector: {matchLabels: {release: prometheus}}
  podMonitorNamespaceSelector: {}
  ruleSelector: {}
  ruleNamespaceSelector: {}
"""
_ANY_PROMETHEUS = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: prometheuses.monitoring.coreos.com}
spec:
  group: monitoring.coreos.com
  names: {kind: Prometheus, plural: prometheuses, singular: prometheus}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
"""
"""The one CRD of the Prometheus operator that ../shared/upstream has not; here only its selectors matter."""
PLUGIN = """\
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: nvidia-device-plugin-daemonset, namespace: kube-system}
spec:
  selector: {matchLabels: {app: plugin}}
  template:
    metadata: {labels: {app: plugin}}
    spec: {containers: [{name: plugin, image: plugin}]}
"""


OBJECTS = {
    "stranger.json": '{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "stranger"}}',
    "other-class.json": json.dumps(
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {
                "name": "other",
                "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
            },
            "provisioner": "example.org/other",
        }
    ),
}
"""Files of the folder in which commands are typed."""


@dataclass(frozen=True)
class Report:
    """What `labhelm doctor --json` said."""

    code: int
    checks: dict[str, dict[str, Any]]
    words: str

    def findings(self, check: str) -> list[dict[str, str]]:
        """What is not as it should be."""
        found: list[dict[str, str]] = self.checks[check]["findings"]
        return [one for one in found if one["state"] != "ok"]

    def all(self) -> list[tuple[str, str, str]]:
        """Check, subject and message of every finding that is not a note."""
        return [(name, one["subject"], one["message"]) for name in self.checks for one in self.findings(name)]

    def fixes(self) -> dict[str, None]:
        """Every printed command once, in order."""
        return dict.fromkeys(one["fix"] for name in self.checks for one in self.findings(name) if one["fix"])


@dataclass(frozen=True)
class Clinic:
    """The cluster, a project with the profile in it, and a folder in which commands are typed."""

    cluster: LocalCluster
    project: Path
    folder: Path

    @property
    def kubectl(self) -> Kubectl:
        """As its administrator."""
        return self.cluster.kubectl()

    def type(
        self, command: str, *, stdin: str = "", access: Access | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as a user would paste it into a shell, in the cluster's network."""
        access = access or self.cluster.access()
        path = f"{self.folder / 'bin'}:{Path(sys.executable).parent}:/usr/bin:/bin"
        script = f"export PATH={path}; {command}"
        return subprocess.run(
            [*access.prefix, "sh", "-c", script],
            cwd=self.folder / "here",
            env={"HOME": str(Path.home()), "COLUMNS": "80", "PYTHONPATH": str(ROOT)},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )

    def labhelm(
        self, words: str, *options: str, access: Access | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`labhelm WORDS clinic` for this cluster."""
        access = access or self.cluster.access()
        where = f"--kubeconfig {access.kubeconfig} --context {access.context}"
        root = f"labhelm --root {self.project} {words} clinic"
        return self.type(f"{root} {where} {' '.join(options)}", access=access)

    def doctor(self, *options: str, access: Access | None = None) -> Report:
        """What it says now."""
        # Time is no matter here, and the machine may be busy.
        limit = () if "--timeout" in " ".join(options) else ("--timeout 240",)
        done = self.labhelm("doctor --json", *options, *limit, access=access)
        assert done.stdout, done.stderr
        answer = json.loads(done.stdout)
        assert answer["exitCode"] == done.returncode
        return Report(done.returncode, {one["name"]: one for one in answer["checks"]}, done.stdout)

    def rights(self) -> str:
        """The manifests that `labhelm doctor --rights` prints."""
        done = self.type(f"labhelm --root {self.project} doctor clinic --rights")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wish(self) -> Wish:
        """What the profile's charts make."""
        profile = check_file(self.project / "profiles" / "clinic.yaml", "clinic.yaml").profile
        assert profile is not None
        helm = Helm((self.folder / "bin" / "helm").resolve(), SystemRunner())
        return wish_of(profile, helm, self.project / "charts" / "umbrella", "platform", "default")

    def bring_apis(self, upstream: Path, *, monitoring: bool) -> None:
        """The CRDs of the custom resources that the charts make: those of monitoring, or the others."""
        wanted = {
            (group_of(one["apiVersion"]), one["kind"]) for one in self.wish().manifests if is_custom(one)
        }
        files = _files(upstream, {one for one in wanted if (one[0] == MONITORING) == monitoring})
        self.kubectl.run("create", *(f"--filename={file}" for file in files))
        if monitoring:
            self.kubectl.run("create", "-f", "-", stdin=_ANY_PROMETHEUS)
        eventually(lambda: are_established(self.kubectl))
        if monitoring:
            self.kubectl.apply(PROMETHEUS)

    def bring_namespaces(self) -> None:
        """Those of the base layer, into which charts put objects for others to read."""
        wanted = {one["metadata"].get("namespace") for one in self.wish().manifests} - {None}
        there = {one["metadata"]["name"] for one in self.kubectl.get_all("namespaces")}
        teams = {team.team_namespace for team in self.wish().profile.teams}
        for name in sorted(wanted - there - teams):
            self.kubectl.run("create", "namespace", name)

    def patch_status(self, kind: str, name: str, status: dict[str, Any], namespace: str = "") -> None:
        """What a controller that is not here would write."""
        where = ("--namespace", namespace) if namespace else ()
        body = json.dumps({"status": status})
        how = "strategic" if kind in ("node", "service") else "merge"
        self.kubectl.run("patch", kind, name, *where, "--subresource=status", f"--type={how}", "-p", body)


def _files(upstream: Path, wanted: set[tuple[str, str]]) -> Iterator[Path]:
    for file in sorted((upstream / "crds").glob("*/*.yaml")):
        documents = [one for one in yaml.load_all(file.read_text(), yaml.CSafeLoader) if one]
        kinds = {(one["spec"]["group"], one["spec"]["names"]["kind"]) for one in documents if "spec" in one}
        if kinds & wanted:
            yield file


def make_project(folder: Path) -> Path:
    """A project whose only addition is our profile."""
    project = make_command_line(folder).project
    (project / "profiles" / "clinic.yaml").write_text(PROFILE)
    return project


def make_folder(folder: Path, files: Sequence[tuple[str, str]]) -> None:
    """Where commands are typed: `bin` has kubectl and helm, `here` the files that they ask for."""
    for name in ("bin", "here"):
        (folder / name).mkdir()
    for program, tool in (("kubectl", "kubectl"), ("helm", "helm4")):
        program_of = ensure(tool, runner=SystemRunner(), progress=SilentProgress())
        (folder / "bin" / program).symlink_to(program_of)
    for name, text in (*files, *OBJECTS.items()):
        (folder / "here" / name).write_text(text)
