"""docs/reports.md names every report and every shipped rule file."""

from pathlib import Path

import pytest

from hotline_tools.reports.registry import reports
from hotline_tools.reports.rules import load_rules

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/reports.md").read_text(encoding="utf-8")
RULES = sorted((ROOT / "src/hotline_tools/reports/defaults").glob("*.toml"))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_a_copy_of_the_shipped_rules_is_valid_and_named(path: Path) -> None:
    assert load_rules(path).report == path.stem
    assert f"`{path.name}`" in PAGE


@pytest.mark.parametrize("name", sorted(set(reports()) - {"categories", "departments"}))
def test_the_page_names_every_report(name: str) -> None:
    assert f"`{name}`" in PAGE
