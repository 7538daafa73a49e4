"""Fixtures around real helm.

`helm` runs a test once with each major version; `template` renders with both and compares the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.render.helm_binary import Document, Helm, Values, documents, find_helm

MAJORS = ("helm4", "helm3")
Template = Callable[..., list[Document]]


def without_blank_ends(text: str) -> str:
    """Helm 4.2 and later print an empty line after each document but a file's last (helm/helm#32565)."""
    return re.sub(r"\n\n---\n", "\n---\n", text)


@pytest.fixture(scope="session")
def helms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Helm]:
    """Both helms by name."""
    return {name: find_helm(name, tmp_path_factory.mktemp(name)) for name in MAJORS}


@pytest.fixture(params=MAJORS)
def helm(request: pytest.FixtureRequest, helms: dict[str, Helm]) -> Helm:
    """One helm after the other."""
    return helms[request.param]


@pytest.fixture(scope="session")
def template(helms: dict[str, Helm]) -> Template:
    """Render with both helms, demand equal bytes, give the documents. Options as of Helm.render.

    template("dask", {"worker": {"replicas": 0}}, set=["a.b=1"], api_versions=["monitoring.coreos.com/v1"])
    """

    def render(chart: str | Path, values: Values | Sequence[Values] = (), **options: Any) -> list[Document]:
        new, old = (helms[name].render(chart, values, **options).stdout for name in MAJORS)
        assert without_blank_ends(new) == without_blank_ends(old), (
            f"helm 3 and helm 4 render {chart} differently"
        )
        return documents(new)

    return render
