"""TRN103: a queued job alone is larger than its team's quota: it is never admitted."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.demand import demands
from generator.profile.model import Profile
from generator.quantities import bytes_of, millicores
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each bound that a single job exceeds."""
    training = profile.training
    if training is None or not training.queues:
        return
    teams = {team.name: (index, team.quota) for index, team in enumerate(profile.teams)}
    sizes = {one.path: one for one in demands(profile)}
    for name, job in training.jobs.items():
        index, quota = teams.get(job.team, (0, None))
        if quota is None:
            continue
        size = sizes[("training", "jobs", name)]
        for key, asked, bound in (
            ("cpu", size.cpu * job.nodes, millicores(quota.cpu) if quota.cpu else None),
            ("memory", size.memory * job.nodes, bytes_of(quota.memory) if quota.memory else None),
            ("gpus", size.gpus * job.nodes, quota.gpus),
            ("pods", job.nodes, quota.pods),
        ):
            if bound is not None and asked > bound:
                yield Finding(
                    ("training", "jobs", name),
                    f"the job {name} alone needs more {key} than team {job.team} may use: it waits for ever",
                    "raise the quota, or use fewer or smaller nodes",
                    related=((("teams", index, "quota", key), f"the quota for {key}"),),
                )
