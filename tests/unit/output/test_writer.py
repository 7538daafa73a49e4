"""The writer on a real file system: all or nothing, never outside, never over other people's files."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from generator.errors import UserError
from generator.output.plan import FileSet, Plan, make_plan, mark
from generator.output.writer import apply, describe, read_present

MARK = f"# {mark('profiles/lab.yaml')}\n"
MANAGED = ("values",)


def plan_for(root: Path, wanted: FileSet) -> Plan:
    return make_plan(wanted, read_present(root, wanted, MANAGED))


def tree(root: Path) -> dict[str, bytes]:
    """Every file and, with empty content, every folder."""
    return {str(p.relative_to(root)): p.read_bytes() if p.is_file() else b"" for p in sorted(root.rglob("*"))}


@pytest.fixture
def old_tree(tmp_path: Path) -> Path:
    (tmp_path / "values/old").mkdir(parents=True)
    for name in ("a", "b", "c", "old/gone"):
        (tmp_path / f"values/{name}.yaml").write_text(f"{MARK}name: {name}\n")
    (tmp_path / "values/mine.txt").write_text("by hand\n")
    return tmp_path


WANTED = {f"values/{name}.yaml": f"{MARK}new: {name}\n" for name in ("a", "b", "deep/er/x")} | {
    "values/c.yaml": f"{MARK}name: c\n"
}


def test_the_tree_becomes_what_is_wanted(old_tree: Path) -> None:
    apply(old_tree, plan_for(old_tree, WANTED))
    expected = {path: text.encode() for path, text in WANTED.items()} | {"values/mine.txt": b"by hand\n"}
    assert {path: data for path, data in tree(old_tree).items() if (old_tree / path).is_file()} == expected
    assert not (old_tree / "values/old").exists()
    assert plan_for(old_tree, WANTED).changes == ()


def test_a_folder_of_several_files_goes_with_the_last(old_tree: Path) -> None:
    (old_tree / "values/old/also.yaml").write_text(f"{MARK}name: also\n")
    apply(old_tree, plan_for(old_tree, WANTED))
    assert not (old_tree / "values/old").exists()


def test_files_are_readable_by_all_whatever_the_umask(old_tree: Path) -> None:
    before = os.umask(0o077)
    try:
        apply(old_tree, plan_for(old_tree, WANTED))
    finally:
        os.umask(before)
    assert stat.S_IMODE((old_tree / "values/a.yaml").stat().st_mode) == 0o644


def test_a_file_that_is_the_same_is_not_touched(old_tree: Path) -> None:
    before = (old_tree / "values/c.yaml").stat()
    apply(old_tree, plan_for(old_tree, WANTED))
    after = (old_tree / "values/c.yaml").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("failing", range(4))
@pytest.mark.parametrize("error", [OSError("disk"), KeyboardInterrupt()])
@pytest.mark.parametrize("late", [False, True])
def test_a_failure_in_the_rename_pass_puts_everything_back(
    old_tree: Path, monkeypatch: pytest.MonkeyPatch, failing: int, error: BaseException, late: bool
) -> None:
    plan, before = plan_for(old_tree, WANTED), tree(old_tree)
    count = -1
    really: dict[str, Any] = {"replace": Path.replace, "unlink": Path.unlink}

    def breaking(name: str) -> Any:
        def step(self: Path, *args: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == failing:
                if late:
                    really[name](self, *args, **options)
                raise error
            return really[name](self, *args, **options)

        return step

    for name in really:
        monkeypatch.setattr(Path, name, breaking(name))
    with pytest.raises(type(error)):
        apply(old_tree, plan)
    monkeypatch.undo()
    assert tree(old_tree) == before


def test_a_failure_while_writing_leaves_no_trace(old_tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, before = plan_for(old_tree, WANTED), tree(old_tree)
    calls = iter(range(100))

    def fsync(handle: int) -> None:
        if next(calls) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="No space"):
        apply(old_tree, plan)
    assert tree(old_tree) == before


def test_a_real_interrupt_leaves_the_old_tree(tmp_path: Path) -> None:
    """SIGINT at some moment of a run of its own process: old or new, no mixture, no temporary files."""
    program = (
        "import sys; from pathlib import Path; from generator.output.plan import *;"
        "from generator.output.writer import *; root = Path(sys.argv[1]);"
        "new = {f'values/{i}.yaml': '# ' + mark('x') + '\\n' + sys.argv[2] * 200 for i in range(300)};"
        "plan = make_plan(new, read_present(root, new)); print('ready', flush=True); apply(root, plan)"
    )
    project = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", program, str(tmp_path)]
    subprocess.run([*command, "a"], cwd=project, check=True, stdout=subprocess.DEVNULL)
    before, outcomes = tree(tmp_path), []
    for number in range(6):
        child = subprocess.Popen(
            [*command, "b"], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.004 * number)
        child.send_signal(signal.SIGINT)
        child.communicate()
        contents = {path: data for path, data in tree(tmp_path).items() if path != "values"}
        assert len(contents) == 300
        assert len(set(contents.values())) == 1, "a mixture of old and new"
        outcomes.append(tree(tmp_path) == before)
        subprocess.run([*command, "a"], cwd=project, check=True, stdout=subprocess.DEVNULL)
    assert any(outcomes), "no run was interrupted"


def test_rests_of_a_killed_run_are_no_obstacle_and_vanish(old_tree: Path) -> None:
    (old_tree / "values/.a.yaml.labhelm-tmp").write_text("half")
    apply(old_tree, plan_for(old_tree, WANTED))
    assert not list(old_tree.rglob("*.labhelm-*"))


def test_a_hand_written_file_is_not_written_over(old_tree: Path) -> None:
    (old_tree / "values/a.yaml").write_text("mine: true\n")
    before = tree(old_tree)
    with pytest.raises(UserError, match=r"values/a\.yaml") as caught:
        apply(old_tree, plan_for(old_tree, WANTED))
    assert "move your version away" in caught.value.hint
    assert tree(old_tree) == before


def test_a_link_is_neither_followed_nor_replaced(
    old_tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "x.yaml"
    elsewhere.write_text(MARK)
    (old_tree / "values/a.yaml").unlink()
    (old_tree / "values/a.yaml").symlink_to(elsewhere)
    with pytest.raises(UserError, match="link"):
        plan_for(old_tree, WANTED)
    assert elsewhere.read_text() == MARK


def test_a_linked_folder_that_leads_out_is_refused(
    old_tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (old_tree / "values/deep").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(UserError, match="link"):
        plan_for(old_tree, WANTED)


def test_linked_files_are_not_pruned(old_tree: Path) -> None:
    (old_tree / "values/linked.yaml").symlink_to(old_tree / "values/c.yaml")
    assert PurePosixPath("values/linked.yaml") not in {entry.path for entry in plan_for(old_tree, WANTED)}


def test_a_folder_in_the_way_is_named(old_tree: Path) -> None:
    (old_tree / "values/deep/er/x.yaml").mkdir(parents=True)
    with pytest.raises(UserError, match=r"values/deep/er/x\.yaml"):
        plan_for(old_tree, WANTED)


def test_check_names_each_difference_and_shows_the_diff(old_tree: Path) -> None:
    (old_tree / "values/b.yaml").write_text("mine: true\n")
    text = describe(plan_for(old_tree, WANTED))
    assert text.startswith(
        "differs: values/a.yaml\n"
        "not generated: values/b.yaml\n"
        "missing: values/deep/er/x.yaml\n"
        "left over: values/old/gone.yaml\n"
        "--- a/values/a.yaml\n"
    )
    assert "-name: a\n+new: a\n" in text


def test_check_of_a_good_tree_says_nothing(old_tree: Path) -> None:
    apply(old_tree, plan_for(old_tree, WANTED))
    assert describe(plan_for(old_tree, WANTED)) == ""
