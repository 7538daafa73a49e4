"""values.yaml and README.md as people read them."""

from __future__ import annotations

from pathlib import Path

import yaml
from yamllint import linter  # type: ignore[import-untyped]
from yamllint.config import YamlLintConfig  # type: ignore[import-untyped]

from generator.chartdocs.chart import chart_files
from generator.chartdocs.fields import keys_of
from generator.chartdocs.readme import readme
from generator.chartdocs.schema import draft07
from generator.chartdocs.umbrella import umbrella_files
from generator.chartdocs.values_text import values_text
from generator.components import COMPONENTS
from generator.output.plan import is_marked, make_plan, merge
from generator.output.yaml_text import plain
from tests.unit.chartdocs.test_schema import Values

ROOT = Path(__file__).resolve().parents[3]
KEYS = keys_of(draft07(Values))
TEXT = values_text(KEYS, ["The head."])


def test_the_values_are_those_of_the_model() -> None:
    assert Values.model_validate(yaml.safe_load(TEXT)) == Values()
    for component in COMPONENTS:
        text = values_text(keys_of(draft07(component.values)), ["x"])
        assert component.values.model_validate(yaml.safe_load(text)) == component.values()


def test_a_section_shows_the_chart_s_default_not_the_type_s() -> None:
    one = TEXT[TEXT.index("\none:") : TEXT.index("\ndefault:")]
    assert "  must: default\n" in one
    assert "  mode: b\n" in one


def test_each_key_has_its_meaning_unit_choices_and_example() -> None:
    assert '  # CPU of each. Unit: cores.\n  # Example: 500m\n  cpu: "1"\n' in TEXT
    assert '  # How.\n  # One of: "" | a | b\n' in TEXT
    assert (
        "# Groups.\n"
        "#   must: Must be there. (required)\n"
        '#   cpu: CPU of each. (cores; default "1")\n'
        '#   mode: How. (one of "" | a | b)\n'
        "# Example:\n#   groups:\n#     zoo:\n#       must: x\n#       cpu: 2\n"
        "groups: {}\n"
    ) in TEXT


def test_it_passes_ct_s_linter_and_keeps_lines_short() -> None:
    rules = YamlLintConfig(file=str(ROOT / "ci/lintconf.yaml"))
    assert list(linter.run(TEXT, rules)) == []
    assert max(map(len, TEXT.splitlines())) <= 100


def test_the_table_has_a_row_for_each_key() -> None:
    text = readme(mark="m", name="demo", description="A demo.", keys=KEYS)
    assert '| `groups.<name>.cpu` | string or number | cores | `"1"` | CPU of each. |' in text
    assert "| `groups.<name>.must` | string |  | required | Must be there. |" in text
    assert '| `one.mode` | "" \\| a \\| b |  | `"b"` | How. |' in text
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert all(line.replace("\\|", "").count("|") == 6 for line in rows)
    assert len(rows) == sum(not key.children for top in KEYS for key in top.walk())


def test_every_generated_file_carries_the_mark_and_is_made_the_same_twice() -> None:
    first, second = (chart_files(COMPONENTS[0], has_notes=True) for _ in range(2))
    assert first == second
    versions = {component.name: "1.2.3" for component in COMPONENTS}
    for entry in make_plan(merge([first, umbrella_files(COMPONENTS, versions)]), {}):
        assert entry.new is not None
        assert is_marked(entry.new), entry.path
        assert entry.new.endswith(b"\n")
        assert b" \n" not in entry.new, entry.path


def test_a_chart_without_notes_of_its_own_has_empty_ones() -> None:
    name = COMPONENTS[0].name
    with_own, without = (
        next(
            str(text)
            for path, text in chart_files(COMPONENTS[0], has_notes=own).items()
            if str(path).endswith(".tpl")
        )
        for own in (True, False)
    )
    define = f'define "{name}.notes"'
    assert define not in with_own
    assert define in without


def test_plain_defaults_hold_no_null() -> None:
    for component in COMPONENTS:
        plain(component.values())
