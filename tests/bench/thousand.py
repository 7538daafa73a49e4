"""Turns a folder of profiles into values with two processes: `-m tests.bench.thousand PROFILES OUTPUT`.

Each profile is read, loaded, checked by all rules, built, dumped, planned against the disk and written.
"""

from __future__ import annotations

import sys
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from generator.checking import check_file
from generator.generation import profile_files
from generator.output.plan import make_plan, merge
from generator.output.writer import apply, read_present

PROCESSES = 2
CHUNK = 25


def generate(output: Path, path: Path) -> int:
    """Write one profile's files below a folder of its own; how many. Raises ValueError for a faulty one."""
    checked = check_file(path, path.name)
    if checked.profile is None:
        raise ValueError(f"{path}: {checked.diagnostics}")
    root = output / path.stem
    root.mkdir(exist_ok=True)
    files = merge([profile_files(checked.profile)])
    plan = make_plan(files, read_present(root, files))
    apply(root, plan)
    return len(plan.changes)


def main(profiles: Path, output: Path) -> None:
    """Write them all and print how many files that were."""
    with Pool(PROCESSES) as pool:
        print(sum(pool.imap_unordered(partial(generate, output), sorted(profiles.iterdir()), CHUNK)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
