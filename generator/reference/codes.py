"""The page of all diagnostic codes: the same texts that `labhelm explain` prints."""

from __future__ import annotations

from generator.output.plan import mark
from generator.rules.explain import explanation, known_codes


def codes_page() -> str:
    """Markdown of every code, its reason, its wrong and its right example."""
    source = "generator/rules/*.md and generator/diagnostics/codes/*.md"
    parts = [
        f"<!-- {mark(source)} -->\n# Diagnostics\n\n"
        "What `labhelm check` can say. `labhelm explain CODE` prints one of these texts.\n"
    ]
    parts += [_demoted(explanation(code)) for code in known_codes()]
    return "\n".join(parts)


def _demoted(markdown: str) -> str:
    """All headings one level down."""
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in markdown.split("\n"))
