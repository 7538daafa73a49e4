"""docs/reference: generated from the profile's model, the codes' texts and the command tree."""

from __future__ import annotations

from generator.output.plan import FileSet
from generator.reference.base import base_page
from generator.reference.codes import codes_page
from generator.reference.commands import commands_page
from generator.reference.profile import profile_page


def reference_files() -> FileSet:
    """All generated pages of the reference."""
    return {
        "docs/reference/profile.md": profile_page(),
        "docs/reference/diagnostics.md": codes_page(),
        "docs/reference/commands.md": commands_page(),
        "docs/reference/base.md": base_page(),
    }
