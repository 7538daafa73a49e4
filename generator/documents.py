"""The files that our own models become: charts' documents, the editors' schema, the reference."""

from __future__ import annotations

from pathlib import Path

from generator.chartdocs import charts_files
from generator.chartdocs.profile_schema import profile_schema
from generator.components import COMPONENTS
from generator.output.plan import FileSet, merge
from generator.profile.model import Profile
from generator.reference import reference_files


def own_files(root: Path) -> FileSet:
    """All of them; of `root` only hand-written files are read."""
    schema: FileSet = {"schemas/profile.schema.json": profile_schema(Profile)}
    return merge([charts_files(COMPONENTS, root), schema, reference_files()])
