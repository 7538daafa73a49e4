"""The rendered commands of the chart dask as real processes: real Dask, real Jupyter, no cluster.

Without root the containers' user cannot be taken on; everything else is the same.
"""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.dask_bed.bed import Bed
from tests.cluster.dask_bed.pods import Kubelet, Pod
from tests.cluster.dask_bed.venv import dask_venv
from tests.render.dask_chart import Rendered
from tests.render.helm_binary import find_helm

RELEASE = "arl"
QUESTIONS = Path(__file__).with_name("dask_bed") / "questions.py"
TOKEN = secrets.token_hex(16)
ADDRESSES = {
    name: f"10.77.0.{number}"
    for number, name in enumerate(("scheduler", "worker", "worker-gpu", "notebook", "test"), start=10)
}
HOSTS = {f"{RELEASE}-dask-{name}": ADDRESSES[name] for name in ("scheduler", "notebook")}
MIB = 2**20
VALUES: dict[str, Any] = {
    "scheduler": {"port": 9786},
    "volumes": {"data": {"claim": "arl-data", "mountPath": "/arl/data"}},
    "worker": {"sharedMemory": "128Mi"},
    "workerGroups": {"gpu": {"gpus": 1, "threads": 2, "daskResources": {"LICENCE": 3}}},
    "config": {"distributed": {"scheduler": {"worker-ttl": "7 minutes"}}},
    "notebook": {"config": "c.ServerApp.shutdown_no_activity_timeout = 4321"},
    "test": {"timeoutSeconds": 45},
}


def _can_unshare() -> bool:
    tools = all(shutil.which(tool) for tool in ("unshare", "setpriv", "ip"))
    return (
        tools
        and subprocess.run(["unshare", "-Urn", "true"], check=False, capture_output=True).returncode == 0
    )


pytestmark = pytest.mark.skipif(not _can_unshare(), reason="needs unshare, setpriv, ip and user namespaces")


@dataclass
class Platform:
    """A running Dask and what was seen while it started."""

    bed: Bed
    pods: dict[str, Pod]
    test: dict[str, Any]
    answers: dict[str, Any]

    def url(self, component: str, port: int, path: str) -> str:
        """Address of a page."""
        return f"http://{ADDRESSES[component]}:{port}{path}"


def _kubelet(folder: Path, values: dict[str, Any], secret: dict[str, dict[str, str]]) -> Kubelet:
    helm = find_helm("helm4", folder / "helm")
    return Kubelet(Rendered(helm.template("dask", values, release=RELEASE)), secret)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("dask")
    kubelet = _kubelet(folder, VALUES, {f"{RELEASE}-dask-notebook": {"token": TOKEN}})
    pods = {name: kubelet.pod(name, address) for name, address in ADDRESSES.items()}
    with Bed(folder, dask_venv(), HOSTS) as bed:
        for name in ("scheduler", "worker", "worker-gpu", "notebook"):
            bed.start(pods[name])
        yield Platform(bed, pods, test=bed.start(pods["test"]), answers=_ask(bed, pods))


def _ask(bed: Bed, pods: dict[str, Pod]) -> dict[str, Any]:
    """A user's questions, from a pod like the notebook's."""
    notebook = pods["notebook"]
    asking = dataclasses.replace(
        notebook,
        name="questions",
        address="10.77.0.20",
        argv=["python3", "-c", QUESTIONS.read_text(), "/arl/data"],
        env={**notebook.env, "PRE_STOP": json.dumps(pods["worker"].pre_stop)},
        probe=(0, ""),
    )
    done = bed.start(asking)
    assert done["code"] == 0, done["text"]
    answers: dict[str, Any] = json.loads(done["text"].splitlines()[-1])
    return answers


def test_helm_test_computes_and_shares_files(platform: Platform) -> None:
    assert platform.test["code"] == 0, platform.test["text"]
    said = platform.test["text"]
    assert "ok: connected to tcp://" in said
    assert "ok: 2 worker(s)" in said
    assert "ok: 2 worker(s) and this pod share /arl/data" in said


def test_pods_have_their_user_and_no_writable_root(platform: Platform) -> None:
    assert platform.answers["uid"] == (1000 if os.geteuid() == 0 else 0)
    assert platform.answers["root"] == "Read-only file system"


def test_workers_are_as_big_as_their_limits_say(platform: Platform) -> None:
    worker, gpu = platform.answers["worker"], platform.answers["worker-gpu"]
    assert (worker["nthreads"], worker["memory_limit"]) == (1, 512 * MIB)
    assert (gpu["nthreads"], gpu["memory_limit"]) == (2, 512 * MIB)
    assert worker["nanny"]
    assert worker["local_directory"].startswith("/scratch/")


def test_gpu_group_gets_the_resource_and_the_tasks_that_name_it(platform: Platform) -> None:
    assert platform.answers["worker"]["resources"] == {}
    assert platform.answers["worker-gpu"]["resources"] == {"GPU": 1.0, "LICENCE": 3.0}
    assert platform.answers["gpu"] == "worker-gpu"


def test_notebook_reads_what_a_worker_wrote(platform: Platform) -> None:
    assert platform.answers["shared"] == "written by a worker"


def test_a_stopping_worker_hands_its_results_over(platform: Platform) -> None:
    assert platform.answers["retired"] == {"kept": True, "left": True}


@pytest.mark.parametrize(
    ("component", "port", "path"),
    [("scheduler", 8787, "/health"), ("scheduler", 8787, "/status"), ("scheduler", 8787, "/metrics"),
     ("worker-gpu", 8790, "/health"), ("worker-gpu", 8790, "/metrics"), ("notebook", 8888, "/api")],
)  # fmt: skip
def test_pages_of_probes_dashboard_and_metrics(
    platform: Platform, component: str, port: int, path: str
) -> None:
    assert platform.bed.get(platform.url(component, port, path))["status"] == 200


def test_jupyter_takes_the_right_token_only(platform: Platform) -> None:
    url = platform.url("notebook", 8888, "/api/contents")  # what the page asks for after the login
    assert platform.bed.get(url)["status"] == 403
    assert platform.bed.get(url, token="changeme")["status"] == 403
    assert platform.bed.get(url, token=TOKEN)["status"] == 200


def test_configuration_files_are_read(platform: Platform) -> None:
    assert "4321" in platform.bed.log(platform.pods["notebook"])


def test_processes_stop_in_time_when_told(platform: Platform) -> None:
    for name in ("worker-gpu", "notebook", "scheduler"):
        assert platform.bed.stop(platform.pods[name])["seconds"] < 15


def test_tls_between_scheduler_workers_and_clients(tmp_path: Path) -> None:
    values = {"tls": {"secretName": "dask-tls"}, "test": {"timeoutSeconds": 45}}
    kubelet = _kubelet(tmp_path, values, {"dask-tls": _certificate(tmp_path)})
    pods = {name: kubelet.pod(name, ADDRESSES[name]) for name in ("scheduler", "worker", "test")}
    plain = dataclasses.replace(
        pods["test"],
        name="plain",
        address="10.77.0.21",
        argv=[
            "python3",
            "-c",
            f"from distributed import Client; Client('tcp://{ADDRESSES['scheduler']}:8786', timeout=3)",
        ],
        env={"HOME": "/tmp"},
    )
    with Bed(tmp_path, dask_venv(), HOSTS) as bed:
        bed.start(pods["scheduler"])
        bed.start(pods["worker"])
        tested = bed.start(pods["test"])
        assert tested["code"] == 0, tested["text"]
        assert "ok: connected to tls://" in tested["text"]
        assert bed.start(plain)["code"] != 0


def _certificate(folder: Path) -> dict[str, str]:
    """A certificate that signs itself, as the Secret's three keys."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=dask"]
    subprocess.run([*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return {"ca.crt": certificate.read_text(), "tls.crt": certificate.read_text(), "tls.key": key.read_text()}
