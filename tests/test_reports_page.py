"""The docs name every report; docs/reports.md every shipped rule file."""

from pathlib import Path

import pytest

from hotline_tools.reports.registry import reports
from hotline_tools.reports.rules import load_rules

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/reports.md").read_text(encoding="utf-8")
PAGES = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))
RULES = sorted((ROOT / "src/hotline_tools/reports/defaults").glob("*.toml"))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_a_copy_of_the_shipped_rules_is_valid_and_named(path: Path) -> None:
    assert load_rules(path).report == path.stem
    assert f"`{path.name}`" in PAGE


@pytest.mark.parametrize("name", sorted(reports()))
def test_every_report_is_described_somewhere(name: str) -> None:
    assert f"`{name}" in PAGES or f"report {name}" in PAGES
