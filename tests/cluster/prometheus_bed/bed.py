"""The bed from outside: prometheus-operator makes the configuration, Prometheus runs with it."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from generator.cluster.local import LocalCluster
from generator.cluster.local.credentials import SERVER, kubeconfig_of
from generator.cluster.local.processes import Process, check_alive, kill, spawn
from generator.cluster.runner import SystemRunner
from generator.output.yaml_text import dump
from generator.toolchain import SilentProgress, ensure
from tests.conftest import ROOT

NAMESPACE, NAME = "monitoring", "stack"
PROMETHEUS = "127.0.0.1:9090"
RULES = "/etc/prometheus/rules"
"""Where the operator has the ConfigMaps with the rules mounted; here they are files."""
SHARD = "$(SHARD)"
"""Which of several Prometheus this one is: the operator's reloader takes it from the pod's name."""
PATIENCE = 120.0
T = TypeVar("T")


def wait_for(question: Callable[[], T | None], what: str) -> T:
    """The first answer that is not None or False; AssertionError when it does not come."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if (answer := question()) is not None and answer is not False:
            return answer
        time.sleep(0.3)
    raise AssertionError(f"it did not happen within {PATIENCE:g} s: {what}")


class PrometheusBed:
    """What runs ends with the block; `release` is the label that Prometheus selects by."""

    def __init__(self, cluster: LocalCluster, folder: Path, release: str) -> None:
        self._cluster, self._folder, self._release = cluster, folder, release
        self._processes: list[Process] = []
        self._asker: subprocess.Popen[str] | None = None
        self._targets: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._asker:
            self._asker.kill()
            self._asker.wait()
        kill(reversed(self._processes))

    def serve(self, targets: dict[str, str]) -> None:
        """Answer on each address as the exporter of that node, or as kube-state-metrics."""
        self._targets = targets
        self.show()
        for address in targets:
            add = (*self._cluster.enter(), "ip", "address", "add", f"{address}/32", "dev", "lo")
            SystemRunner().run(add)
        module = "tests.cluster.prometheus_bed.exporters"
        self._start("exporters", (sys.executable, "-m", module, str(self._folder / "state.json")))

    def show(
        self, faults: dict[str, int] | None = None, *, waiting: bool = False, silent: bool = False
    ) -> None:
        """What the exporters say from now on; the file is exchanged in one step."""
        state = {"targets": self._targets, "faults": faults or {}, "waiting": waiting, "silent": silent}
        new = self._folder / "state.new"
        new.write_text(json.dumps(state))
        new.replace(self._folder / "state.json")

    def start_operator(self) -> None:
        """It gets the administrator's rights; those of the stack's own account are not ours."""
        admin = json.loads(kubeconfig_of(self._cluster.folder / "pki", "admin").read_text())
        user, server = admin["users"][0]["user"], admin["clusters"][0]["cluster"]
        parts = {
            "ca": server["certificate-authority-data"],
            "cert": user["client-certificate-data"],
            "key": user["client-key-data"],
        }
        for name, data in parts.items():
            file = self._folder / f"{name}.pem"
            file.touch(mode=0o600)
            file.write_bytes(base64.b64decode(data))
        files = [f"--{name}-file={self._folder / name}.pem" for name in parts]
        own = ["--web.listen-address=127.0.0.1:8081", "--log-level=warn"]
        program = _tool("prometheus-operator")
        self._start("operator", (program, f"--apiserver={SERVER}", *files, *own))

    def prometheus_object(self) -> str:
        """What kube-prometheus-stack makes of its default values, as far as it selects; quick rounds."""
        wanted = {"matchLabels": {"release": self._release}}
        tls = {f"{name}File": str(self._folder / f"{name}.pem") for name in ("ca", "cert", "key")}
        spec = {
            "version": "v3.14.0", "replicas": 1, "evaluationInterval": "1s", "scrapeInterval": "30s",
            "serviceMonitorSelector": wanted, "serviceMonitorNamespaceSelector": {},
            "ruleSelector": wanted, "ruleNamespaceSelector": {},
            "apiserverConfig": {"host": SERVER, "tlsConfig": tls},
        }  # fmt: skip
        meta = {"name": NAME, "namespace": NAMESPACE}
        return dump(
            {"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "metadata": meta, "spec": spec}
        )

    def start_prometheus(self) -> None:
        """With the configuration that the operator wrote, once monitors and rules are in it."""
        config, rules = wait_for(self._made, "the operator writes configuration and rules")
        folder = self._folder / "rules"
        for part, texts in rules.items():
            (folder / part).mkdir(parents=True)
            for name, text in texts.items():
                (folder / part / name).write_text(text)
        file = self._folder / "prometheus.yaml"
        file.write_text(config.replace(RULES, str(folder)).replace(SHARD, "0"))
        flags = [f"--config.file={file}", f"--storage.tsdb.path={self._folder / 'tsdb'}"]
        self._start("prometheus", (_tool("prometheus"), *flags, f"--web.listen-address={PROMETHEUS}"))
        wait_for(lambda: self.ask("status/buildinfo").get("status") == "success", "Prometheus answers")

    def _made(self) -> tuple[str, dict[str, dict[str, str]]] | None:
        check_alive(self._processes)
        kubectl = self._cluster.kubectl()
        secret = kubectl.find("secret", f"prometheus-{NAME}", namespace=NAMESPACE)
        rules = kubectl.get_all("configmaps", namespace=NAMESPACE, selector=f"prometheus-name={NAME}")
        if not (secret and secret.get("data") and rules):
            return None
        config = gzip.decompress(base64.b64decode(secret["data"]["prometheus.yaml.gz"])).decode()
        if config.count("job_name: serviceMonitor/") < 2:
            return None
        return config, {one["metadata"]["name"]: one["data"] for one in rules}

    def query(self, expr: str, *, at: float | None = None) -> list[dict[str, Any]]:
        """The series that an instant query gives. Raises AssertionError when Prometheus refuses it."""
        answer = self.ask("query", query=expr, **({} if at is None else {"time": str(at)}))
        assert answer["status"] == "success", f"{expr}: {answer}"
        found: list[dict[str, Any]] = answer["data"]["result"]
        return found

    def value(self, expr: str) -> float | None:
        """The value of the only series, if there is one."""
        found = self.query(expr)
        return float(found[0]["value"][1]) if len(found) == 1 else None

    def firing(self) -> set[str]:
        """Names of the alerts that fire."""
        alerts = self.ask("alerts")["data"]["alerts"]
        return {one["labels"]["alertname"] for one in alerts if one["state"] == "firing"}

    def fired(self) -> set[str]:
        """Names of all alerts that fired in the last ten minutes, however shortly."""
        seen = self.query('last_over_time(ALERTS{alertstate="firing"}[10m])')
        return {one["metric"]["alertname"] for one in seen}

    def trouble(self) -> str:
        """What does not go well, for a failure's text."""
        targets = self.ask("targets")["data"]["activeTargets"]
        found = [
            f"{one['scrapePool']} {one['scrapeUrl']}: {one['health']} {one['lastError']}" for one in targets
        ]
        groups = self.ask("rules")["data"]["groups"]
        found += [rule["lastError"] for group in groups for rule in group["rules"] if rule.get("lastError")]
        return "\n".join([*found, *(process.log_tail() for process in self._processes)])

    def ask(self, path: str, **parameters: str) -> dict[str, Any]:
        """One question to Prometheus' API."""
        check_alive(self._processes)
        if self._asker is None:
            script = Path(__file__).with_name("asking.py")
            argv = [*self._cluster.enter(), sys.executable, "-I", str(script)]
            self._asker = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._asker.stdin
        assert self._asker.stdout
        self._asker.stdin.write(f"http://{PROMETHEUS}/api/v1/{path}?{urlencode(parameters)}\n")
        self._asker.stdin.flush()
        answer: dict[str, Any] = json.loads(self._asker.stdout.readline())
        return answer

    def _start(self, name: str, argv: tuple[str, ...]) -> None:
        env = ("env", f"PYTHONPATH={ROOT}")
        log = self._folder / f"{name}.log"
        self._processes.append(spawn(name, (*self._cluster.enter(), *env, *argv), log, self._folder))


def _tool(name: str) -> str:
    return str(ensure(name, runner=SystemRunner(), progress=SilentProgress()))
