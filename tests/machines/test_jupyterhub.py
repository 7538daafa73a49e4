"""A real JupyterHub 5 that our ConfigMap alone configures: a real directory, real pods on two real machines.

The homes are one folder of both machines, in place of NFS.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.machines.bed import Bed, Cluster
from tests.machines.bed.bed import at_once
from tests.machines.bed.python_image import pinned, python_with
from tests.machines.hub import directory, objects, platform
from tests.machines.hub.platform import NAMESPACE

BROWSER = (Path(__file__).parent / "hub/browser.py").read_text()
MIB = 2**20
Answer = dict[str, Any]


@dataclass
class Lab:
    """The cluster with everything on it, and everybody's password."""

    cluster: Cluster
    passwords: dict[str, str]
    tokens: dict[str, str]

    def ask(self, do: str, **arguments: Any) -> Answer:
        """Let the browser do something."""
        request = json.dumps({"do": do, **arguments})
        words = ("exec", "-i", f"--namespace={NAMESPACE}", "browser", "--", "python3", "-", request)
        done = self.cluster.kubectl(*words, stdin=BROWSER, timeout=420)
        answer: Answer = json.loads(done.stdout)
        return answer

    def login(self, name: str, password: str = "") -> Answer:
        answer = self.ask("login", name=name, password=password or self.passwords[name])
        self.tokens[name] = answer.get("token") or ""
        return answer

    def of(self, name: str) -> dict[str, str]:
        """Name and token, as arguments."""
        return {"name": name, "token": self.tokens[name]}

    def run(self, name: str, code: str) -> str:
        """What code in somebody's notebook prints."""
        answer = self.ask("run", **self.of(name), code=code)
        assert not answer["error"], answer["error"]
        return str(answer["printed"])

    def pods(self) -> list[Answer]:
        """Notebooks' pods."""
        words = ("pods", f"--namespace={NAMESPACE}", "--selector=component=singleuser-server")
        found = self.cluster.get(*words)["items"]
        assert isinstance(found, list)
        return found

    def pod(self) -> Answer:
        """The only notebook's pod."""
        (found,) = self.pods()
        return found

    def configure(self, **jupyterhub: Any) -> None:
        """Install or upgrade the platform and the hub with this section `jupyterhub`."""
        wish = platform.profile(**jupyterhub)
        platform.install(self.cluster, wish)
        self.cluster.apply(*objects.hub(platform.config(wish)))
        self.rolled_out("hub")

    def rolled_out(self, *deployments: str) -> None:
        for name in deployments:
            words = ("rollout", "status", f"deployment/{name}", f"--namespace={NAMESPACE}", "--timeout=300s")
            self.cluster.kubectl(*words, timeout=320)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The platform, a directory, hub and proxy, and a pod with a browser."""
    shared = tmp_path_factory.mktemp("shared")
    with Bed() as bed:
        archives = [python_with("jupyterhub", pinned("jupyterhub"), bed.runner), directory.image(bed.runner)]
        for name in ("homes", "data", "hub-db"):
            (shared / name).mkdir()
            os.chown(shared / name, 1000, 1000)
        cluster = Cluster(bed, shares={platform.SHARED: shared})
        cluster.up()
        print(f"\n{cluster.report()}")
        at_once(*(lambda a=a: cluster.load(a) for a in archives))
        lab = Lab(cluster, directory.passwords(), {})
        _fill(lab, tmp_path_factory.mktemp("tls"))
        yield lab


def _fill(lab: Lab, folder: Path) -> None:
    cluster, runner = lab.cluster, lab.cluster.bed.runner
    patch = json.dumps({"status": {"capacity": {"nvidia.com/gpu": "4"}}})
    cluster.kubectl("patch", "node", "kitt", "--subresource=status", "--type=merge", f"--patch={patch}")
    cluster.kubectl("label", "node", "bonnie", "labhelm.io/system=true")
    tls, other = directory.certificate(folder, runner), directory.certificate(folder, runner, "elsewhere")
    cluster.apply(*directory.objects(lab.passwords, tls))
    platform.install(cluster, platform.profile())
    cluster.apply(
        objects.config_map("nas-ca", **{"ca.crt": tls[0], "other.crt": other[0]}),
        objects.secret("nas-reader", password=lab.passwords["reader"]),
        objects.secret(objects.PROXY_TOKEN, token=os.urandom(32).hex()),
        objects.browser(),
        *objects.proxy(),
        *objects.hub(platform.config(platform.profile())),
    )
    cluster.wait_for("condition=Ready", "pod/nas", seconds=180)
    lab.rolled_out("hub", "proxy")
    cluster.wait_for("condition=Ready", "pod/browser", f"--namespace={NAMESPACE}", seconds=180)


def test_members_of_a_group_log_in_and_others_do_not(lab: Lab) -> None:
    member = lab.login("ada")
    assert (member["status"], member["admin"]) == (302, False), member
    assert lab.ask("login", name="ada", password="changeme")["status"] == 403
    assert lab.ask("login", name="ada", password="")["status"] == 403
    assert lab.ask("login", name="bob", password=lab.passwords["bob"])["status"] == 403
    assert lab.ask("login", name="nobody", password="x")["status"] == 403


def test_members_of_the_admin_group_are_administrators(lab: Lab) -> None:
    assert lab.login("grace")["admin"] is True
    assert lab.ask("get", path="/hub/api/users", token=lab.tokens["grace"])["status"] == 200
    assert lab.ask("get", path="/hub/api/users", token=lab.tokens["ada"])["status"] == 403


def test_a_choice_becomes_a_pod_of_its_size(lab: Lab) -> None:
    lab.ask("start", **lab.of("ada"), choice="small")
    pod = lab.pod()
    container = pod["spec"]["containers"][0]
    # KubeSpawner writes bytes.
    assert container["resources"]["limits"] == {"cpu": "500m", "memory": str(512 * MIB)}
    assert container["resources"]["requests"] == container["resources"]["limits"]
    assert pod["spec"]["nodeName"] == "kitt"  # the other has the system label
    assert lab.run("ada", "import os; print(os.getuid(), os.getcwd())").split() == ["1000", "/home/jovyan"]


def test_only_who_it_belongs_to_opens_it(lab: Lab) -> None:
    assert lab.ask("get", path="/user/ada/api/contents", token=lab.tokens["ada"])["status"] == 200
    assert lab.ask("get", path="/user/ada/api/contents")["status"] == 403
    lab.login("eve")
    assert lab.ask("get", path="/user/ada/api/contents", token=lab.tokens["eve"])["status"] == 403


def test_the_notebook_computes_on_dask_and_shares_its_data(lab: Lab) -> None:
    lab.rolled_out("platform-dask-scheduler", "platform-dask-worker")
    printed = lab.run("ada", """
from distributed import Client
client = Client("tcp://platform-dask-scheduler:8786", timeout=120)
client.wait_for_workers(2, timeout=180)
def write(): open("/data/by-worker", "w").write("from a worker"); return True
assert client.submit(write, pure=False).result(timeout=120)
print(sum(client.gather(client.map(lambda x: x * x, range(100)))), open("/data/by-worker").read())
""")  # fmt: skip
    assert printed == "328350 from a worker\n"


def test_the_home_stays_when_the_notebook_stops_and_goes_to_another_machine(lab: Lab) -> None:
    lab.run("ada", "open('thesis.txt', 'w').write('chapter 1')")
    lab.ask("stop", **lab.of("ada"))
    assert lab.pods() == []
    lab.ask("start", **lab.of("ada"), choice="on-bonnie")
    pod = lab.pod()
    assert pod["spec"]["nodeName"] == "bonnie"
    assert pod["spec"]["containers"][0]["resources"]["limits"]["memory"] == str(640 * MIB)
    assert lab.run("ada", "print(open('thesis.txt').read())") == "chapter 1\n"


def test_a_choice_with_a_gpu_gets_a_slice(lab: Lab) -> None:
    lab.ask("start", **lab.of("grace"), choice="gpu-slice")
    pod = next(pod for pod in lab.pods() if pod["spec"]["nodeName"] == "kitt")
    limits = pod["spec"]["containers"][0]["resources"]["limits"]
    assert limits == {"cpu": "600m", "memory": str(512 * MIB), "nvidia.com/gpu": "1"}
    # Everybody has a folder of their own, made by their notebook's user.
    assert "thesis.txt" not in lab.run("grace", "import os; print(os.listdir())")


VARIANTS = """
import asyncio, json, ssl, sys
sys.path.insert(0, "/usr/local/etc/jupyterhub")
from pathlib import Path
from ldapauthenticator import LDAPAuthenticator
from traitlets.config import Config
import labhelm_hub
known, bases = json.loads(sys.argv[1]), json.loads(sys.argv[2])
def said(name, password, **ldap):
    settings = json.loads(Path("/usr/local/etc/jupyterhub/labhelm_hub/settings.json").read_text())
    settings["authentication"]["ldap"].update(ldap)
    c = Config()
    labhelm_hub.configure(c, settings)
    hub = LDAPAuthenticator(config=c)
    try:
        found = asyncio.run(hub.get_authenticated_user(None, {"username": name, "password": password}))
    except Exception as error:
        return type(error).__name__
    return bool(found)
places = [f"uid={{username}},ou={unit},{bases}" for unit in ("nobody", "users")]
template = {"searchBase": "", "bindDNTemplate": places}
print(json.dumps({
    "template": said("ada", known["ada"], **template),
    "template, wrong password": said("ada", "wrong", **template),
    "template, not in the group": said("bob", known["bob"], **template),
    "ldaps": said("ada", known["ada"], tls="on-connect"),
    "another authority": said("ada", known["ada"], ca={"configMap": "nas-ca", "key": "other.crt"}),
    "no encryption": said("ada", known["ada"], tls="insecure"),
}))
"""


def test_each_way_to_find_and_encrypt_works_and_a_wrong_certificate_is_refused(lab: Lab) -> None:
    arguments = (json.dumps(lab.passwords), json.dumps(directory.BASE))
    words = ("exec", "-i", f"--namespace={NAMESPACE}", "deployment/hub", "--", "python3", "-", *arguments)
    found = json.loads(lab.cluster.kubectl(*words, stdin=VARIANTS, timeout=120).stdout.splitlines()[-1])
    # Which of the library's errors it is depends on where the handshake ends.
    assert str(found.pop("another authority")).startswith("LDAP")
    assert found == {
        "template": True,
        "template, wrong password": False,
        "template, not in the group": False,
        "ldaps": True,
        # The directory takes no password then.
        "no encryption": False,
    }


def test_idle_notebooks_are_stopped_after_the_hub_was_told_so(lab: Lab) -> None:
    """The last: it stops everything. The hub comes back, configured anew, and knows its notebooks."""
    assert len(lab.pods()) == 2
    lab.configure(idleTimeout="5s")
    for name in ("ada", "grace"):
        assert lab.ask("gone", **lab.of(name)) == {"servers": {}}
    assert lab.pods() == []
    homes = lab.cluster.workers[0].run(f"ls {platform.SHARED}/homes/home").stdout.split()
    assert homes == ["ada", "grace"]
