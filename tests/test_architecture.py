"""The walls between rooms: a file imports only from files of a lower rank, and --help stays light."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import hotline_tools

ROOT = Path(hotline_tools.__file__).parent
RANK = {
    "errors": 0,
    "disk": 0.5,
    "schema": 1, "text": 1, "files": 1, "prefetch": 1, "sql": 1, "suggestions": 1, "dates": 1, "places": 1,
    "workers": 1, "rounding": 1, "surnames": 1, "column_names": 1, "scratch": 1, "escapes": 1,
    "sheet_extent": 1.3, "workbooks": 1.4,
    "codes": 1.3, "datafile": 1.3, "table": 1.3, "parquet": 1.3, "day_counts": 1.4,
    "document": 1.6, "settings": 1.6,
    "sources": 2, "layouts": 2, "calendar": 2, "privacy": 2, "taxonomy": 2, "similarity": 2, "engine": 2,
    "normalise": 3, "store": 3,
    "classify": 4, "repeats": 4, "sample": 4,
    "reports": 5,
    "briefing": 6,
    "render": 7,
    "jobs": 8,
    "library": 8.5, "__init__": 8.6,
    "cli": 9, "__main__": 10,
}  # fmt: skip
"""Rank of each room; a room imports only rooms of a lower rank, beside itself."""
STOREYS = {
    "engine": ("views", "mistakes", "base", "dialect", "failures", "engine", "spark", "batches", "starting",
               "opening", "__init__"),
    "store": ("ids", "files", "manifest", "journal", "segments", "derived", "written", "secret", "lock",
              "version", "writing", "state", "staging", "partition", "evidence", "lookalikes", "plan",
              "merge", "records", "labels", "session", "undo", "topics", "verify", "quarantine", "backup",
              "forget", "store", "__init__"),
    "sources": ("model", "detect", "repair", "readers", "opening", "__init__"),
    "repeats": ("__init__", "text", "encode", "blocking", "comparison", "clustering", "find",
                "districts", "issues"),
    "reports": ("__init__", "statistics", "dispersion", "period", "period_forms", "population", "rule_model",
                "issues.escalation_rules", "rules", "kpi.cycle", "kpi.score_model", "kpi.profile", "query",
                "time_steps", "covered_days", "gaps", "common", "unmatched", "unranked", "kpi.facts",
                "coverage", "sql_answer",
                "topic_register", "registry", "namesakes", "issues.view", "kpi", "figures", "compare",
                "alerts", "issues", "replies", "channels", "catalog", "options", "filters",
                "unread_values", "data_gaps", "changed_basis", "freshness", "run", "shown"),
}  # fmt: skip
"""Inside a room, from the ground up; what stands in one storey may not import from a higher one."""
FILES = sorted(ROOT.rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


MODULES = {module_of(path): path for path in FILES}


def imports_of(path: Path, modules: dict[str, Path] = MODULES) -> set[tuple[str, int]]:
    """The modules of the package that a file imports, each with its line."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name.split(".")[0] != "hotline_tools":
                continue
            target = name.removeprefix("hotline_tools").strip(".")
            while target and target not in modules:
                target = target.rpartition(".")[0]
            if target:
                found.add((target, node.lineno))
    return found


def storey(module: str) -> int | None:
    """The place of a module among the storeys of its room; None where its room has none."""
    room, _, inside = module.partition(".")
    if room not in STOREYS:
        return None
    storeys = STOREYS[room]
    inside = inside or "__init__"
    while inside:
        if inside in storeys:
            return storeys.index(inside)
        inside = inside.rpartition(".")[0]
    return None


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_downhill_only(module: str) -> None:
    own = module.partition(".")[0]
    assert own in RANK, f"{own} has no rank: decide where it belongs"
    assert own not in STOREYS or storey(module) is not None, f"{module} has no storey in {own}"
    for target, line in imports_of(MODULES[module]):
        other = target.partition(".")[0]
        where = f"{MODULES[module]}:{line}: {module} imports {target}"
        if other != own:
            assert RANK[other] < RANK[own], f"{where}, rank {RANK[other]} from rank {RANK[own]}"
        elif own in STOREYS:
            assert storey(target) <= storey(module), f"{where}, which stands higher"


def test_no_file_imports_itself_round_a_corner() -> None:
    sorter = TopologicalSorter(
        {module: {target for target, _ in imports_of(path)} - {module} for module, path in MODULES.items()}
    )
    sorter.prepare()  # a circle raises CycleError, which names it


def test_reports_of_the_catalogue_do_not_import_each_other() -> None:
    catalog = "reports.catalog."
    crossed = [
        f"{module} imports {target}"
        for module, path in MODULES.items()
        for target, _ in imports_of(path)
        if module.startswith(catalog) and target.startswith(catalog) and target != module
    ]
    assert not crossed


def test_the_walker_sees_an_uphill_import(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("from hotline_tools.cli import main\nimport hotline_tools.store\n", encoding="utf-8")
    assert imports_of(bad) == {("cli", 1), ("store", 2)}
    bad.write_text("from hotline_tools.reports.catalog import trend\n", encoding="utf-8")
    assert imports_of(bad) == {("reports.catalog.trend", 1)}
    assert storey("reports.catalog.trend") > storey("reports.kpi.rates") > storey("reports.kpi.profile")


def test_no_two_classes_share_a_name() -> None:
    named: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                named.setdefault(node.name, []).append(module)
    assert {name: modules for name, modules in named.items() if len(modules) > 1} == {}


def quoted_by_hand(source: str) -> list[int]:
    """The lines of f-strings that put a value after a single quote, as only ``sql.literal`` may."""
    return [
        text.lineno
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for part in text.values[:-1]
        if isinstance(part, ast.Constant) and str(part.value).endswith("'")
    ]


def test_values_are_quoted_and_names_suggested_in_one_place() -> None:
    sources = {module: path.read_text(encoding="utf-8") for module, path in MODULES.items()}
    quoted = {module: lines for module, text in sources.items() if (lines := quoted_by_hand(text))}
    assert set(quoted) == {"sql"}
    assert [str(path) for path in ROOT.rglob("*.sql") if "'{" in path.read_text(encoding="utf-8")] == []
    assert [module for module, text in sources.items() if "get_close_matches" in text] == ["suggestions"]


NAMES_READ = re.compile(r"\.(endswith|removesuffix|startswith)\(")
"""How code reads a meaning out of the spelling of a column's name or of a note."""
FOREIGN_FILES = "render.docx.own_base"
"""Reads a Word file of somebody else's, whose parts are known by their names."""


def test_no_renderer_and_no_comparison_reads_meaning_out_of_names_or_notes() -> None:
    read = [
        f"{module}:{number}: {line.strip()}"
        for module, path in MODULES.items()
        if module.startswith(("render", "reports.compare")) and module != FOREIGN_FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if NAMES_READ.search(line)
    ]
    assert read == []
    assert NAMES_READ.search('name.endswith("_change")')


def test_help_is_light() -> None:
    code = (
        "import sys\nfrom hotline_tools.cli import main\nsys.argv = ['hotline', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'pandas', 'duckdb', 'sklearn', 'matplotlib', 'pyarrow', 'numpy', 'rjieba', 'scipy'}\n"
        "heavy &= set(sys.modules)\n"
        "print('HEAVY', sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "report" in done.stdout
    assert "HEAVY []" in done.stderr
