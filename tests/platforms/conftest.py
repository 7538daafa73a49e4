"""The platforms of the five guides, each on an API server of its own with its own (simulated) machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.platforms.platform import Platform, platform_named

MakePlatform = Callable[[str], Platform]


@pytest.fixture(scope="module")
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The platform that the module names in PLATFORM; its cluster has the upstreams' CRDs."""
    upstream = request.getfixturevalue("upstream")
    platform = platform_named(request.module.PLATFORM, tmp_path_factory.mktemp("platform") / "state")
    try:
        platform.prepare(upstream)
        yield platform
    finally:
        platform.cluster.stop()
