"""A machine's disk: an overlay over the cached root file system, and folders for what cannot live on one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.cluster.runner import CommandRunner

# containerd and the kubelet put overlays and mounts there, which do not stack on an overlay.
DATA = ("/var/lib/containerd", "/var/lib/kubelet")

INIT = "/opt/bed/init"
FILES = {
    INIT: (Path(__file__).with_name("init.sh").read_text(), 0o755),
    # Logs of earlier boots stay readable, also from outside once the machine is off.
    "/etc/systemd/journald.conf.d/bed.conf": (
        "[Journal]\nStorage=persistent\nRateLimitIntervalSec=0\nSystemMaxUse=200M\n",
        0o644,
    ),
}


@dataclass(frozen=True)
class Disk:
    """The folder that holds everything a machine has written."""

    folder: Path
    runner: CommandRunner

    @property
    def root(self) -> Path:
        """The machine's root as the host sees it."""
        return self.folder / "root"

    @property
    def console(self) -> Path:
        """What systemd-nspawn and the machine print."""
        return self.folder / "console.log"

    @property
    def data(self) -> dict[str, Path]:
        """Folders of the host by their path inside the machine."""
        return {inside: self.folder / inside.replace("/", "-").lstrip("-") for inside in DATA}

    def create(self, base: Path) -> None:
        """Mount the overlay; `base` stays as it is."""
        for name in ("root", "changes", "work"):
            (self.folder / name).mkdir(parents=True)
        for source in self.data.values():
            source.mkdir()
        options = f"lowerdir={base},upperdir={self.folder / 'changes'},workdir={self.folder / 'work'}"
        self.runner.run(["mount", "-t", "overlay", "-o", options, "labhelm-bed", str(self.root)])
        for name, (text, mode) in FILES.items():
            file = self.root / name.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            file.chmod(mode)


def mounts_below(folder: Path) -> list[str]:
    """Mount points in a folder, the deepest first."""
    lines = Path("/proc/self/mounts").read_text().splitlines()
    points = [line.split()[1].replace("\\040", " ") for line in lines]
    return sorted((point for point in points if Path(point).is_relative_to(folder)), reverse=True)
