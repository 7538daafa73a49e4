"""Where things are in a Labhelm project: the folder with `profiles/` and `charts/umbrella/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.diagnostics.suggest import did_you_mean
from generator.errors import UserError


@dataclass(frozen=True)
class Project:
    """A checkout; `root` is its folder."""

    root: Path

    @property
    def umbrella(self) -> Path:
        """The umbrella chart."""
        return self.root / "charts" / "umbrella"

    @property
    def charts(self) -> Path:
        """The subcharts' home."""
        return self.umbrella / "charts"

    def profiles(self) -> list[Path]:
        """All profiles, sorted by name."""
        return sorted((self.root / "profiles").glob("*.yaml"))

    def profile(self, name: str) -> Path:
        """The file of a profile given by name (`lab`) or path. Raises UserError when there is none."""
        direct = Path(name)
        if direct.suffix in (".yaml", ".yml") and direct.is_file():
            return direct
        found = self.root / "profiles" / f"{name}.yaml"
        if found.is_file():
            return found
        names = [path.stem for path in self.profiles()]
        guess = did_you_mean(direct.stem, names)
        hint = f"did you mean {guess}?" if guess else f"profiles here: {', '.join(names) or 'none'}"
        raise UserError(f"there is no profile {name!r}", hint=hint)

    def shown(self, path: Path) -> str:
        """The path as messages show it: relative to the project where it lies inside."""
        resolved = path.resolve()
        root = self.root.resolve()
        return str(resolved.relative_to(root)) if resolved.is_relative_to(root) else str(path)


def find_project(start: Path) -> Project:
    """The project that `start` lies in. Raises UserError when it lies in none."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "charts" / "umbrella").is_dir() and (folder / "profiles").is_dir():
            return Project(folder)
    raise UserError(
        f"{start.resolve()} is not inside a Labhelm project",
        hint="change into the folder that has profiles/ and charts/umbrella/, or name it with --root",
    )
