"""docs/kpi.md names everything that a profile may use."""

from pathlib import Path

import pytest

from hotline_tools.reports.kpi.facts import FACTS
from hotline_tools.reports.kpi.profile import COLUMNS
from hotline_tools.reports.kpi.profile_file import load_profile, shipped_profiles

PAGE = (Path(__file__).parent.parent / "docs" / "kpi.md").read_text(encoding="utf-8")
NAMES = [
    *FACTS,
    *shipped_profiles(),
    *COLUMNS,
    "share",
    "linear_gap",
    "steps",
    "receipt",
    "same-day",
    "next-day",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_names_it(name: str) -> None:
    assert f"`{name}`" in PAGE or f"`{name}" in PAGE


def test_the_example_limits_of_the_page_load(tmp_path: Path) -> None:
    """The first TOML block, with a rate, is a profile."""
    block = PAGE.split("```toml\n")[1].split("```")[0]
    path = tmp_path / "page.toml"
    rate = '[[rate]]\nname = "r"\nlabel = "率"\nnumerator = ["closed"]\ndenominator = ["due"]\n'
    path.write_text(f'title = "页"\n{block}{rate}', encoding="utf-8")
    rules = load_profile(path).deadline.rules
    assert [(rule.amount, rule.extension, rule.when) for rule in rules] == [
        (3, 3, (("request_type", ("咨询",)),)),
        (5, 0, ()),
    ]
