"""The firewall's rules come from the table of ports; tests/machines loads them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.machines.cluster import Site
from generator.machines.ports import PORTS, ports_of
from tests.unit.machines.conftest import NAMES

Files = dict[str, dict[str, str]]


@pytest.mark.parametrize("name", NAMES)
def test_every_machine_has_a_rule_for_each_port_that_others_reach(
    name: str, files: Files, site: Callable[[str], Site]
) -> None:
    for machine in site(name).machines:
        text = files[name][f"{machine.name}/firewall.nft"]
        for port in ports_of(site(name), machine):
            assert (f"{port.protocol} dport {port.text} accept" in text) == (port.source != "itself")


def test_roles_differ_and_owners_are_as_the_kernel_shows_them(site: Callable[[str], Site]) -> None:
    here = site("rke2")
    server, agent = ({port.first for port in ports_of(here, here.machines[index])} for index in (0, 3))
    assert server - agent == {6443, 9345, 2379, 2381, 10257, 10259}
    assert all(len(owner) <= 15 for port in PORTS for owner in port.owners)
