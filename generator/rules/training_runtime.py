"""TRN101: a training job names a runtime that its operator does not have."""

from __future__ import annotations

from collections.abc import Iterator

from generator.profile.model import Profile
from generator.rules.base import Finding, Names


def check(profile: Profile, names: Names) -> Iterator[Finding]:
    """Yield a finding for each job that would wait for its runtime for ever."""
    training = profile.training
    if training is None:
        return
    v1 = training.operator == "training-operator-v1"
    offered = ["torch"] if v1 else training.runtimes
    for name, job in training.jobs.items():
        if job.runtime not in offered:
            yield Finding(
                ("training", "jobs", name, *(["runtime"] if "runtime" in job.model_fields_set else [])),
                f"the job {name} needs the runtime {job.runtime}, and "
                + (
                    "training-operator-v1 runs torch alone here"
                    if v1
                    else f"offered are {', '.join(offered) or 'none'}"
                ),
                "use operator: trainer-v2" if v1 else f"add {job.runtime} to training.runtimes",
            )
