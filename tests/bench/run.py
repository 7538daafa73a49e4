"""`make bench`: what Labhelm costs beside its libraries, kapitan and helm, in one run. Figures, no verdicts.

Each program runs whole, in turns with the others, with warm disk and bytecode caches. Wall time tells what a
person waits for; CPU time (user and system, children included) is the steadier number on a busy machine.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from generator.cluster.runner import SystemRunner  # noqa: E402
from generator.errors import LabhelmError  # noqa: E402
from generator.toolchain import ensure  # noqa: E402
from generator.toolchain.progress import RichProgress  # noqa: E402
from tests.bench import imports, kapitan, profiles  # noqa: E402
from tests.bench.measure import Contestant, race  # noqa: E402
from tests.bench.show import CONSOLE, costs_table, ratio_line  # noqa: E402

PYTHON = sys.executable
LABHELM = str(Path(sys.executable).parent / "labhelm")
ROUNDS = 7
SLOW_ROUNDS = 3
PROFILES = 1000


def main() -> int:
    """Measure everything that is to be had; 0 also when kapitan is not."""
    with tempfile.TemporaryDirectory(prefix="labhelm-bench-") as name:
        folder = Path(name)
        env = _environment(folder)
        load = os.getloadavg()[0]
        CONSOLE.print(f"{os.cpu_count()} CPUs, load {load:.1f}, Python {sys.version.split()[0]}\n")
        bench_gen(folder, env)
        bench_thousand(folder, env)
        bench_helm(env)
    return 0


def _environment(folder: Path) -> dict[str, str]:
    """Bytecode is cached as on a user's machine, but in our folder; helm sees nothing of the user's."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("HELM_", "PYTHON"))}
    env["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    env["PYTHONPATH"] = str(ROOT)
    for kind in ("CACHE", "CONFIG", "DATA"):
        env[f"HELM_{kind}_HOME"] = str(folder / "helm")
    return env


def bench_gen(folder: Path, env: Mapping[str, str]) -> None:
    """One profile in a cold process, beside the import of its libraries and kapitan."""
    project = folder / "project"
    (project / "charts" / "umbrella").mkdir(parents=True)
    shutil.copytree(ROOT / "profiles", project / "profiles")
    outputs = (project / "values", project / "charts" / "umbrella" / "ci")

    def remove_outputs() -> None:
        for path in outputs:
            shutil.rmtree(path, ignore_errors=True)

    gen = Contestant("labhelm gen lab", (LABHELM, "gen", "lab"), project, remove_outputs)
    bare = imports.same_modules(project, env)
    contestants = [
        gen,
        Contestant("import of the same modules", (PYTHON, "-c", bare), project),
        Contestant(imports.LAZY, (PYTHON, "-c", imports.LAZY), project),
        *_kapitan(folder / "kapitan"),
    ]
    costs = race(contestants, ROUNDS, env)
    costs_table("One profile, cold process", costs, against=gen.name)
    for other in contestants[1:]:
        ratio_line(f"gen / {other.name}", costs, gen.name, other.name)
    CONSOLE.print()


def _kapitan(folder: Path) -> list[Contestant]:
    try:
        program = kapitan.ensure_kapitan()
    except LabhelmError as error:
        CONSOLE.print(f"kapitan is not to be had, so not measured: {error}\n")
        return []
    kapitan.write_target(ROOT / "profiles" / "lab.yaml", folder)
    argv = (str(program), "compile", "-t", "lab")
    return [Contestant(f"kapitan compile, {kapitan.TEMPLATES} files", argv, folder)]


def bench_thousand(folder: Path, env: Mapping[str, str]) -> None:
    """1,000 profiles in one pool of two processes, its start included."""
    source, output = folder / "profiles", folder / "output"
    source.mkdir()
    output.mkdir()
    profiles.write_variations(ROOT / "profiles" / "lab.yaml", source, PROFILES)

    argv = (PYTHON, "-m", "tests.bench.thousand", str(source), str(output))
    one = Contestant("load, check, build, dump, plan", argv, ROOT)
    title = f"{PROFILES:,} profiles, two processes: each profile"
    costs_table(title, race([one], SLOW_ROUNDS, env), per=PROFILES)


def bench_helm(env: Mapping[str, str]) -> None:
    """`helm template` of the whole umbrella."""
    runner, progress = SystemRunner(), RichProgress()
    argv = ("template", "platform", "charts/umbrella", "-f", "values/lab.yaml")
    contestants = [
        Contestant(f"{name} template, values/lab.yaml", (str(program), *argv), ROOT)
        for name in ("helm4", "helm3")
        if (program := ensure(name, runner=runner, progress=progress))
    ]
    costs_table("The umbrella chart", race(contestants, ROUNDS, env))


if __name__ == "__main__":
    sys.exit(main())
