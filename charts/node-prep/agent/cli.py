"""The command line: python3 -m agent plan|apply|undo|status|recover --settings settings.json --root /host.

Exit codes are in errors.py and in --help.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from collections.abc import Sequence

from agent import VERSION, names
from agent.engine import Engine, Ports
from agent.errors import (
    EXIT_BROKEN,
    EXIT_BUG,
    EXIT_CODES,
    EXIT_OK,
    EXIT_WAITING,
    AgentError,
    KubeError,
    SettingsError,
)
from agent.host import Host
from agent.report import Report, as_json, text, write_metrics
from agent.settings import Settings
from agent.signals import catch_signals
from agent.standalone import NoCluster, NoDrain, NoLease
from agent.status import show_status
from agent.steps.driver import driver_version
from agent.validate import load, settings_hash


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = load(options.settings)
        if options.command == "apply" and settings.mode != "apply":
            raise SettingsError(['mode: is "plan"; `apply` changes the machine only with "mode": "apply"'])
        catch_signals()
        return run(options, settings, Host(options.root))
    except AgentError as error:
        print(f"{error.reason}: {error}", file=sys.stderr)
        return error.exit_code
    except Exception:
        traceback.print_exc()
        return EXIT_BUG


def run(options: argparse.Namespace, settings: Settings, host: Host, ports: Ports | None = None) -> int:
    """Run one command on one machine and report."""
    if options.command == "status":
        return show_status(host, settings)
    node = (
        settings.node.name
        or os.environ.get("NODE_NAME", "")
        or host.text("/etc/hostname").strip()
        or "localhost"
    )
    report = Report(options.command, node, settings_hash(settings))
    engine = Engine(host, settings, ports or _ports(options, settings, host, node), report)
    try:
        _command(options, engine)
    except AgentError as error:
        report.error, report.reason, report.exit_code = str(error), error.reason, error.exit_code
    except OSError as error:
        # Only recovery and undo get here: what failed inside a transaction was taken back there.
        report.error, report.reason, report.exit_code = str(error), type(error).__name__, EXIT_BROKEN
    report.conclude()
    report.driver = driver_version(host)
    if options.command in ("recover", "undo") and not report.error:
        report.exit_code = EXIT_OK
        report.reason = "Undone" if options.command == "undo" else "Recovered"
    _publish(engine, report)
    report.cpu_seconds, report.finished = _cpu_seconds(), time.time()
    if options.metrics:
        write_metrics(report, options.metrics)
    print(as_json(report) if options.json else text(report), end="")
    return report.exit_code


def _command(options: argparse.Namespace, engine: Engine) -> None:
    if options.command == "apply":
        # First of all, and without the API server: a half-changed machine is the worst state.
        engine.recover()
        if _opted_in(engine):
            engine.apply(retry=options.retry)
        else:
            engine.plan()
            # Whoever takes the label off a node that failed lets the others go on.
            engine.ports.lease.release()
    elif options.command == "undo":
        engine.undo(force=options.force)
    elif options.command == "recover":
        engine.recover()
    else:
        engine.plan()


def _opted_in(engine: Engine) -> bool:
    """In a cluster the node must carry the opt-in label; without it apply only looks."""
    cluster, key = engine.ports.cluster, engine.settings.node.opt_in_label
    if not cluster.joined or cluster.metadata()[0].get(key) == "apply":
        return True
    engine.report.done.append(f"only looked: the node has no label {key}=apply")
    return False


def _publish(engine: Engine, report: Report) -> None:
    ok = report.exit_code == EXIT_OK and report.mode in ("plan", "apply")
    annotations = {names.ANNOTATION_VERSION: VERSION, names.ANNOTATION_DRIVER: report.driver}
    if ok:
        annotations[names.ANNOTATION_PLAN] = report.plan_hash
    try:
        engine.ports.cluster.publish(ok, report.reason, report.message, annotations)
    except KubeError as error:
        report.done.append(f"could not tell the cluster: {error}")
        report.exit_code = report.exit_code or EXIT_WAITING


def _ports(options: argparse.Namespace, settings: Settings, host: Host, node: str) -> Ports:
    if not options.standalone and os.environ.get("KUBERNETES_SERVICE_HOST"):
        # Imported here: TLS and HTTP cost a run on a bare machine a tenth of a second of CPU.
        from agent.kube import connect

        return connect(settings, node)
    return Ports(NoCluster(), NoDrain(host, drained=options.drained), NoLease())


def _cpu_seconds() -> float:
    """Of this run with its interpreter's start; the chart's runs are one process and say where the last ended."""
    times = os.times()
    used = times.user + times.system + times.children_user + times.children_system
    return used - float(os.environ.get(names.CPU_BEFORE, "0"))


def _parser() -> argparse.ArgumentParser:
    codes = "\n".join(f"  {code:3}  {meaning}" for code, meaning in EXIT_CODES.items())
    parser = argparse.ArgumentParser(
        prog="agent",
        description="Prepares one machine for Kubernetes as a transaction.",
        epilog=f"exit codes:\n{codes}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = {
        "plan": "show what would change, change nothing",
        "apply": "make the machine as wanted, or leave it as it was",
        "undo": "take back everything the agent changed here",
        "status": "show what the agent changed here, and when",
        "recover": "finish or take back what a killed run left",
    }
    parser.add_argument("command", choices=commands, help="; ".join(f"{k}: {v}" for k, v in commands.items()))
    parser.add_argument("--settings", required=True, help="what is wanted, as JSON")
    parser.add_argument("--root", default="/", help="where the host's / is mounted")
    parser.add_argument("--metrics", default="", help="write Prometheus metrics to this file")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--standalone", action="store_true", help="do not talk to a cluster")
    parser.add_argument("--drained", action="store_true", help="standalone: this joined machine is drained")
    parser.add_argument("--retry", action="store_true", help="apply: try a plan again that failed before")
    parser.add_argument("--force", action="store_true", help="undo: also where somebody changed a file since")
    parser.add_argument("--version", action="version", version=VERSION)
    return parser
