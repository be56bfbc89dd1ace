"""The main job on a generated year, from export to chart, measured against the truth."""

import csv
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from hotline_tools.briefing.outline import find_outline
from hotline_tools.classify import Classifier
from hotline_tools.engine import Engine
from hotline_tools.errors import UsageError
from hotline_tools.files import write_bytes
from hotline_tools.jobs.briefing import make_brief
from hotline_tools.jobs.importing import ImportReport, import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.jobs.repeats import find_repeats
from hotline_tools.jobs.tagging import label_store
from hotline_tools.render.registry import render, render_chart
from hotline_tools.reports.covered_days import received_days
from hotline_tools.reports.period import month, year
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.sample import write_sample
from hotline_tools.store import Store
from hotline_tools.table import Cell, Counts, Field, Note, NoteKind, ReportTable

Step = Callable[[str, int | None], AbstractContextManager[Callable[[int], None]]]
"""Opens a progress bar: what is done, and of how many rows when that is known."""

YEAR_FILE = "年度工单.csv"
TRUTH_FILE = "年度工单-真值.csv"
STORE = "hotline-store"
_COMPARED = (
    Field("category", "类别"),
    Field("true_orders", "真值", "integer"),
    Field("true_share", "真值占比", "rate", counts=Counts("true_orders", "true_orders", of_total=True)),
    Field("found_orders", "归类", "integer"),
    Field("found_share", "归类占比", "rate", counts=Counts("found_orders", "true_orders", of_total=True)),
    Field("difference", "相差", "number", "百分点"),
    Field("correct", "归对", "integer"),
)


@dataclass(frozen=True)
class Demo:
    """What the demo made and found."""

    imported: ImportReport
    shares: ReportTable
    compared: ReportTable
    files: tuple[Path, ...]


def run_demo(directory: Path, *, orders: int, step: Step) -> Demo:
    """Generate a year, import and classify it, and write table and chart into ``directory``.

    Raises ``UsageError`` when ``directory`` holds a store with other than the demo's own imports.
    """
    store_path = directory / STORE
    _refuse_real_store(store_path)
    directory.mkdir(parents=True, exist_ok=True)
    with step("生成", None):
        write_sample(directory, orders=orders)
    store = Store.open(store_path, create=True)
    with step("导入", orders) as advance:
        imported = import_tables(
            matched_tables([directory / YEAR_FILE], OpenOptions()), store, progress=advance
        )
    with step("归类", orders) as advance:
        label_store(store, Classifier.default(), progress=advance)
    with Engine(store) as engine:
        shares = find_report("categories").compute(engine, Query())
        compared = _against_truth(engine, directory / TRUTH_FILE)
        briefs = _briefs(store, engine, directory, step)
    files = (directory / "类别占比.png", directory / "类别占比.xlsx", directory / "归类与真值.csv")
    write_bytes(files[0], render_chart(shares))
    write_bytes(files[1], render(shares, "xlsx"))
    write_bytes(files[2], render(compared, "csv"))
    return Demo(imported, shares, compared, (directory / YEAR_FILE, *files, *briefs, store_path))


def _briefs(store: Store, engine: Engine, directory: Path, step: Step) -> list[Path]:
    """Write the briefings of the last month and of the year."""
    with step("找重复诉求", None):
        find_repeats(store)
    days = received_days(engine)
    last = days[1] if days else None
    written = []
    if last is not None:
        for edition, period in (("monthly", month(last.year, last.month)), ("yearly", year(last.year))):
            outline = find_outline(edition)
            with step(outline.name, None):
                brief = make_brief(engine, Query(period=period), outline)
                written.append(brief.write(directory / f"{period.label}{outline.name}.docx"))
    return written


def _refuse_real_store(path: Path) -> None:
    if not path.exists():
        return
    others = {record.file for record in Store.open(path).records()} - {YEAR_FILE}
    if others:
        raise UsageError(
            f"这里已有工单库，导入过 {min(others)} 等文件",
            where=str(path),
            remedy="演示数据不会混入真实数据：请换一个目录，例如 hotline demo 演示。",
        )


def _against_truth(engine: Engine, truth_file: Path) -> ReportTable:
    """Compare the classifier's counts with the generator's truth, category by category."""
    with truth_file.open(encoding="utf-8-sig", newline="") as lines:
        truth = {row["order_id"]: row["category"] for row in csv.DictReader(lines)}
    answer = engine.query("SELECT order_id, coalesce(category, '未归类') AS category FROM orders")
    found = dict(zip(answer["order_id"].to_pylist(), answer["category"].to_pylist(), strict=True))
    true_orders, found_orders = Counter(truth.values()), Counter(found.values())
    correct = Counter(category for order, category in truth.items() if found.get(order) == category)
    total, right = len(truth), correct.total()
    names = sorted(true_orders | found_orders, key=lambda name: (-true_orders[name], name))
    return ReportTable(
        report="demo",
        title="归类结果与真值",
        columns=_COMPARED,
        rows=[_compared(name, true_orders[name], found_orders[name], correct[name], total) for name in names],
        totals={"true_orders": total, "found_orders": len(found), "correct": right},
        notes=[
            Note(NoteKind.SHOWN, f"归对 {right:,} ÷ {total:,} = {right / total:.1%}。"),
            Note(NoteKind.QUALITY, "示例数据由程序生成；真实留言上的准确率见 docs/classifier.zh-CN.md。"),
        ],
    )


def _compared(name: str, true: int, found: int, correct: int, total: int) -> dict[str, Cell]:
    return {
        "category": name,
        "true_orders": true,
        "true_share": true / total,
        "found_orders": found,
        "found_share": found / total,
        "difference": round((found - true) / total * 100, 4),
        "correct": correct,
    }
