"""The page of the base layer: every upstream that may be installed, its pin, and what people fall into."""

from __future__ import annotations

from generator.base import CATALOGUE
from generator.base.model import Chart, Entry, Objects
from generator.base.waves import WAVES
from generator.output.plan import mark


def base_page() -> str:
    """Markdown of the waves and of all entries."""
    head = (
        f"<!-- {mark('generator/base/')} -->\n# The base layer\n\n"
        "Upstream charts that the platform stands on. A profile gets those that it needs; `base.installed` "
        "leaves out what a cluster has, `base.extras` adds what nothing else asks for. "
        "`labhelm base bump CHART VERSION` tells what another version would change.\n\n"
        "## Waves\n\n| Wave | What | Why before the rest |\n|---|---|---|\n"
    )
    waves = "".join(f"| {wave.number} | {wave.name} | {wave.why} |\n" for wave in WAVES)
    return head + waves + "".join(_entry(one) for one in CATALOGUE)


def _entry(entry: Entry) -> str:
    traps = "".join(f"- {trap}\n" for trap in entry.traps)
    facts = [*_source(entry), f"licence {entry.licence}", f"wave {entry.wave}", *_namespace(entry)]
    return f"\n## {entry.name}\n\n{entry.title}: {', '.join(facts)}.\n\n{traps}"


def _namespace(entry: Entry) -> list[str]:
    if callable(entry.namespace):
        return ["namespace by profile"]
    level = "" if entry.namespace.shared else f" (Pod Security `{entry.namespace.level}`)"
    return [f"namespace `{entry.namespace.name}`{level}"]


def _source(entry: Entry) -> list[str]:
    match entry.source:
        case Chart() as chart:
            return [f"`{chart.reference}` {chart.version}"]
        case Objects() as objects:
            remotes = {f"{one.repository} {one.version} (`{one.commit[:12]}`)" for one in objects.remotes}
            return sorted(remotes) or ["objects of our own"]
    return [f"`{entry.source.path}`"]
