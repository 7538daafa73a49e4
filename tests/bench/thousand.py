"""What a folder of profiles becomes, by two processes: `python -m tests.bench.thousand PROFILES OUTPUT`.

Each profile is read, loaded, checked by all rules, built, dumped and planned against the disk. Nothing is
written: that is the disk's time, not ours.
"""

from __future__ import annotations

import sys
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from generator.checking import check_file
from generator.generation import profile_files
from generator.output.plan import make_plan, merge
from generator.output.writer import read_present

PROCESSES = 2
CHUNK = 25


def generate(output: Path, path: Path) -> int:
    """Plan one profile's files below an empty folder; how many. Raises ValueError for a faulty one."""
    checked = check_file(path, path.name)
    if checked.profile is None:
        raise ValueError(f"{path}: {checked.diagnostics}")
    files = merge([profile_files(checked.profile)])
    return len(make_plan(files, read_present(output, files)).changes)


def main(profiles: Path, output: Path) -> None:
    """Plan them all and print how many files that are."""
    with Pool(PROCESSES) as pool:
        print(sum(pool.imap_unordered(partial(generate, output), sorted(profiles.iterdir()), CHUNK)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
