"""Reports on millions of orders beside the same figures by hand (DuckDB SQL, pandas), in one run.

    python benchmarks/reports.py FOLDER [--orders 5000000] [--only departments]

FOLDER keeps the stores for the next run. Each measurement runs in a process of its own on one core with
DuckDB limited to 1 GB; the figures must be equal. Ratios of CPU time count: others may use the machine.
Then the time of every report on the sample year, start of the process included.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from reports_by_hand import SQL, Rows, by_hand, in_pandas
from reports_store import large_store, sample_store

PANDAS = ("departments", "categories", "trend")
UNPAIRED = ("channels --proactive", "levels", "supervise", "cross", "movers")
_DEPARTMENTS = (
    "orders", "sign_on_time_rate_numerator", "sign_on_time_rate_denominator", "on_time_rate_numerator",
    "on_time_rate_denominator", "closing_rate_numerator", "resolved_rate_numerator",
    "resolved_rate_denominator",
    "satisfied_rate_numerator", "satisfied_rate_denominator", "dissatisfied_rate_numerator",
    "dissatisfied_rate_denominator", "revisited_rate_numerator", "returned_rate_numerator",
    "redone_rate_numerator", "extended_rate_numerator", "hours_median", "hours_p90", "hours_mean",
    "working_hours_median", "working_hours_p90", "working_hours_mean",
)  # fmt: skip
_FIGURES: dict[str, tuple[Callable[[dict[str, Any]], Any], tuple[str, ...]]] = {
    "departments": (lambda r: r["unit"], _DEPARTMENTS),
    "categories": (lambda r: r["category"], ("orders", "needs_review")),
    "categories by subcategory": (
        lambda r: f"{r['category']}/{r['subcategory']}",
        ("orders", "needs_review"),
    ),
    "trend": (lambda r: r["step"], ("orders",)),
    "trend by street": (lambda r: r["step"] + r["series"], ("orders",)),
    "channels": (
        lambda r: r["channel"],
        ("orders", "closed", "satisfied_rate_numerator", "satisfied_rate_denominator"),
    ),
    "areas": (lambda r: r["area"], ("orders", "callers", "top_category_share_numerator")),
    "hours": (None, ("orders",)),  # type: ignore[dict-item]
    "pareto": (lambda r: r["item"], ("orders",)),
    "ledger": (
        lambda r: r["unit"],
        ("opened", "cleared", "public", "settled_rate_denominator", "joint_share_numerator"),
    ),
}


def ours(case: str, store: Path, threads: int) -> Rows:
    from hotline_tools.engine import Engine
    from hotline_tools.reports.answer import answer
    from hotline_tools.reports.query import Query
    from hotline_tools.reports.registry import find_report
    from hotline_tools.store import Store

    name, _, level = case.partition(" by ")
    name, _, proactive = name.partition(" --")
    query = Query(by=level or None, proactive=bool(proactive), top=40 if level and name == "trend" else None)
    with Engine(Store.open(store), threads=threads) as engine:
        table = answer(find_report(name), engine, query)
    rows: list[dict[str, Any]] = table.rows
    if name == "departments":
        rows = [*rows, {"unit": "total", **table.totals}]
    return _figures(case, rows)


def _figures(case: str, rows: list[dict[str, Any]]) -> Rows:
    if case == "loop":
        counts = [r["orders"] for r in rows if r["step"] != "派单"]
        times = [
            r[f"hours_{x}"] for r in rows if r["hours_median"] is not None for x in ("median", "mean", "p90")
        ]
        return {"loop": (*counts, *times)}
    if case == "hours":
        return {place: (row["orders"],) for place, row in enumerate(rows)}
    key, names = _FIGURES.get(case) or _FIGURES.get(case.partition(" by ")[0], (None, ()))
    return {key(row): tuple(row[name] for name in names) for row in rows} if key else {}


def in_a_process(work: Callable[..., Rows], *arguments: Any) -> tuple[float, float, float, Rows]:
    """Run ``work`` in a new process; return seconds, CPU seconds, peak MB and what it returned."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(sender, work, arguments))
    process.start()
    sender.close()
    answer = receiver.recv()
    process.join()
    if isinstance(answer, str):
        raise RuntimeError(answer)
    return answer


def _measure(sender: Any, work: Callable[..., Rows], arguments: tuple[Any, ...]) -> None:
    start, cpu = time.perf_counter(), time.process_time()
    try:
        found = work(*arguments)
    except Exception as error:
        sender.send(repr(error))
        return
    spent = time.perf_counter() - start, time.process_time() - cpu
    sender.send((*spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found))


def same(one: Rows, other: Rows) -> bool:
    """Tell whether the figures agree: counts to the unit, times to 0.0002 hours (both are rounded)."""
    positive = {key: values for key, values in one.items() if any(values)}
    return positive.keys() == other.keys() and all(
        all(abs(float(a) - float(b)) <= 2e-4 for a, b in zip(values, other[key], strict=True))
        for key, values in positive.items()
    )


def compare_case(case: str, store: Path, threads: int) -> None:
    seconds, cpu, peak, figures = in_a_process(ours, case, store, threads)
    line = f"{case:<27}{seconds:8.2f}{cpu:8.2f}{peak:7.0f}"
    if case in SQL:
        hand_seconds, hand_cpu, hand_peak, expected = in_a_process(by_hand, case, store, threads)
        agree = "equal" if same(figures, expected) else "DIFFERENT"
        line += f"{hand_seconds:9.2f}{hand_cpu:8.2f}{hand_peak:7.0f}{cpu / hand_cpu:7.2f}x  {agree}"
    if case in PANDAS:
        pandas_seconds, pandas_cpu, pandas_peak, _ = in_a_process(in_pandas, case, store)
        line += f"   pandas {pandas_seconds:.1f} s, CPU {pandas_cpu:.1f} s, {pandas_peak:.0f} MB"
    print(line, flush=True)


def start_to_end(folder: Path) -> None:
    """Print each report's time on the sample year as a command of its own."""
    from hotline_tools.reports.registry import reports

    place = str(sample_store(folder).path)
    print("\nreport on 31,838 orders, process start included:  s   CPU s")
    for name in reports():
        before, start = os.times(), time.perf_counter()
        command = [sys.executable, "-m", "hotline_tools", "-q", "--store", place, "report", name]
        done = subprocess.run([*command, "--format", "json"], capture_output=True, check=False)
        seconds, after = time.perf_counter() - start, os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        print(f"{name:<20} exit {done.returncode}{seconds:8.2f}{spent:8.2f}", flush=True)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--orders", type=int, default=5_000_000)
    parser.add_argument("--only", action="append")
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    store = large_store(chosen.folder, chosen.orders).path
    print(f"{chosen.orders:,} orders, {chosen.threads} thread")
    print("report                            s   CPU s   MB   by hand  CPU s    MB  ratio")
    for case in chosen.only or (*SQL, *UNPAIRED):
        compare_case(case, store, chosen.threads)
    if not chosen.only:
        start_to_end(chosen.folder)


if __name__ == "__main__":
    main()
