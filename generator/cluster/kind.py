"""kind clusters for those who have Docker."""

from __future__ import annotations

from pathlib import Path

from generator.cluster.runner import CommandRunner

_HINT = "kind needs a running Docker; --local works without"


def create_kind(runner: CommandRunner, name: str, config: Path, kubeconfig: Path) -> None:
    """Make the cluster unless it is there; its kubeconfig is a file of our own."""
    there = runner.run(("kind", "get", "clusters"), hint=_HINT).stdout.split()
    kubeconfig.parent.mkdir(parents=True, exist_ok=True)
    if name in there:
        runner.run(
            ("kind", "export", "kubeconfig", "--name", name, "--kubeconfig", str(kubeconfig)), hint=_HINT
        )
        return
    command = ("kind", "create", "cluster", "--name", name, "--config", str(config))
    runner.run((*command, "--kubeconfig", str(kubeconfig), "--wait", "5m"), timeout=600, hint=_HINT)


def delete_kind(runner: CommandRunner, name: str, kubeconfig: Path) -> None:
    """Remove the cluster and its kubeconfig."""
    runner.run(
        ("kind", "delete", "cluster", "--name", name, "--kubeconfig", str(kubeconfig)),
        timeout=300,
        hint=_HINT,
    )
    kubeconfig.unlink(missing_ok=True)
