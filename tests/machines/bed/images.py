"""The images of the machines' pods, bundled by where they are needed; made once, kept in the cache."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Sequence
from pathlib import Path

from generator.cluster.runner import CommandRunner
from generator.toolchain import cache
from tests.machines.bed import archive
from tests.machines.bed.archive import Files, Image, write_archive
from tests.machines.bed.rootfs import ensure_machine_root, machines_dir
from tests.machines.bed.software import Programs

PAUSE_SOURCE = Path(__file__).parent.parent / "images" / "pause.c"

CONTROL_PLANE = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")


def control_plane(programs: Programs) -> Path:
    """The archive with what only a control plane runs."""
    program, etcd = programs.kubernetes("control-plane"), programs.other("etcd")
    names = kubeadm_names(programs)

    def images(scratch: Path) -> list[Image]:
        links = {f"/usr/local/bin/{name}": "control-plane" for name in CONTROL_PLANE}
        shared = Files({"/usr/local/bin/control-plane": program}, links)
        store = Files({"/usr/local/bin/etcd": etcd}, {})
        return [
            *(Image((names[name],), (shared,)) for name in CONTROL_PLANE),
            Image((names["etcd"],), (store,)),
        ]

    return bundle(f"control-plane-{programs.software.kubernetes}", [str(program), str(etcd)], images)


def node(programs: Programs) -> Path:
    """The archive with what every node runs."""
    proxy, coredns = programs.kubernetes("kube-proxy"), programs.other("coredns")
    root = ensure_machine_root(programs.runner)
    names = kubeadm_names(programs)

    def images(scratch: Path) -> list[Image]:
        pause = scratch / "pause"
        programs.runner.run(["gcc", "-static", "-Os", "-s", "-o", str(pause), str(PAUSE_SOURCE)])
        nft = dynamic_program(root, "/usr/sbin/nft", programs.runner)
        return [
            Image((names["pause"],), (Files({"/pause": pause}, {}),), ("/pause",)),
            Image((names["kube-proxy"],), (nft, Files({"/usr/local/bin/kube-proxy": proxy}, {}))),
            Image((names["coredns"],), (Files({"/coredns": coredns}, {}),), ("/coredns",)),
        ]

    return bundle(
        f"node-{programs.software.kubernetes}",
        [str(proxy), str(coredns), str(root), PAUSE_SOURCE.read_text()],
        images,
    )


def kubeadm_names(programs: Programs) -> dict[str, str]:
    """The full image names that kubeadm of this version asks for, by program."""
    kubeadm = str(programs.kubernetes("kubeadm"))
    version = f"--kubernetes-version=v{programs.software.kubernetes}"
    listed = programs.runner.run([kubeadm, "config", "images", "list", version]).stdout.split()
    return {name.rpartition(":")[0].rpartition("/")[2]: name for name in listed}


def dynamic_program(root: Path, program: str, runner: CommandRunner) -> Files:
    """A program of a root file system with the libraries that it loads."""
    listed = runner.run(["chroot", str(root), "ldd", program]).stdout.split()
    libraries = {word for word in listed if word.startswith("/")}
    # /lib and /lib64 are links to the folders of /usr there, and so they are here.
    links = {f"/{name}": f"usr/{name}" for name in ("lib", "lib64")}
    places = [path if path.startswith("/usr/") else f"/usr{path}" for path in (program, *libraries)]
    return Files({path: (root / path.lstrip("/")).resolve() for path in places}, links)


def bundle(name: str, sources: Sequence[str], images: Callable[[Path], list[Image]]) -> Path:
    """The archive of a bundle, made when it is missing or anything it is made of has changed."""
    code = [inspect.getsource(images), Path(archive.__file__).read_text()]
    fingerprint = hashlib.sha256(repr((sources, code)).encode()).hexdigest()[:12]
    place = machines_dir() / "images" / f"{name}-{fingerprint}.tar"
    with cache.lock(f"image-{name}", lambda: None):
        if not place.is_file():
            with cache.workspace(name) as scratch:
                new = scratch / "archive.tar"
                write_archive(images(scratch), new)
                place.parent.mkdir(parents=True, exist_ok=True)
                for old in place.parent.glob(f"{name}-*.tar"):
                    old.unlink()
                new.rename(place)
    return place
