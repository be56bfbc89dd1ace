"""Reports on millions of orders beside the same figures by hand (DuckDB SQL, pandas), in one run.

    python benchmarks/reports.py FOLDER [--orders 5000000] [--only departments] [--turns 3]

FOLDER keeps the stores for the next run. Each measurement runs in a process of its own, with one thread and
the same memory limit for DuckDB, from the opening of the store or connection to the last row, imports before.
The figures must be equal; pandas tells the first of each row, without carry-over, cells and types. CPU time
counts, the best of several turns, for others may use the machine. Then the time of every report on the sample
year, start of the process included.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from reports_by_hand import MEMORY, SQL, Rows, by_hand
from reports_store import large_store, sample_store

UNPAIRED = ("channels --proactive", "cross", "movers")
_DEPARTMENTS = (
    "orders", "sign_on_time_rate_numerator", "sign_on_time_rate_denominator", "on_time_rate_numerator",
    "on_time_rate_denominator", "closing_rate_numerator", "resolved_rate_numerator",
    "resolved_rate_denominator",
    "satisfied_rate_numerator", "satisfied_rate_denominator", "dissatisfied_rate_numerator",
    "dissatisfied_rate_denominator", "revisited_rate_numerator", "returned_rate_numerator",
    "redone_rate_numerator", "extended_rate_numerator", "response_rate_numerator",
    "response_rate_denominator", "hours_median", "hours_p90", "hours_mean",
    "working_hours_median", "working_hours_p90", "working_hours_mean",
    "closed", "closed_late", "open_at_end", "overdue_at_end",
    "on_time_rate_standardised", "resolved_rate_standardised", "satisfied_rate_standardised",
)  # fmt: skip
_CATEGORIES = (
    "orders", "needs_review", "satisfied_rate_numerator", "satisfied_rate_denominator", "types_number",
    "types_largest",
)  # fmt: skip
_FIGURES: dict[str, tuple[Callable[[dict[str, Any]], Any], tuple[str, ...]]] = {
    "departments": (lambda r: r["unit"], _DEPARTMENTS),
    "categories": (lambda r: r["category"], _CATEGORIES),
    "categories by subcategory": (lambda r: f"{r['category']}/{r['subcategory']}", _CATEGORIES),
    "trend": (lambda r: r["step"], ("orders",)),
    "trend by street": (lambda r: r["step"] + r["series"], ("orders",)),
    "channels": (
        lambda r: r["channel"],
        ("orders", "closed", "satisfied_rate_numerator", "satisfied_rate_denominator"),
    ),
    "areas": (
        lambda r: r["area"],
        (
            "orders", "callers", "top_category_share_numerator", "closed", "satisfied_rate_numerator",
            "satisfied_rate_denominator",
        ),
    ),
    "pareto": (lambda r: r["item"], ("orders",)),
    "ledger": (
        lambda r: r["unit"],
        (
            "opened", "cleared", "public", "settled", "settled_rate_denominator", "instant_share_numerator",
            "timed_share_numerator", "joint_share_numerator", "closed_late", "open_at_end", "overdue_at_end",
        ),
    ),
    "levels": (
        lambda r: (_LEVELS[r["level"]], r["unit"]),
        ("orders", "flow_rate_numerator", "dispute_rate_denominator", "dispute_rate_numerator"),
    ),
}  # fmt: skip
_LEVELS = {"区县": "district", "镇街": "street", "社区": "community", "网格": "grid"}
_REASONS = (
    "overdue_now", "due_soon", "unanswered", "stalled", "dissatisfied_twice", "returned_often", "sent_back",
)  # fmt: skip


def ours(case: str, store: Path, threads: int) -> Rows:
    """Ask the report as the command line does."""
    from hotline_tools.engine import Engine
    from hotline_tools.reports.query import Query
    from hotline_tools.reports.registry import find_report
    from hotline_tools.reports.run import run_report
    from hotline_tools.store import Store

    name, _, level = case.partition(" by ")
    name, _, proactive = name.partition(" --")
    query = Query(by=level or None, proactive=bool(proactive), top=40 if level and name == "trend" else None)
    with Engine(Store.open(store), memory_limit=MEMORY, threads=threads) as engine:
        table = run_report(find_report(name), engine, query)
    rows: list[dict[str, Any]] = table.rows
    if name == "departments":
        rows = [*rows, {"unit": "total", **table.totals}]
    if name == "categories":  # types are told as 投诉 123, the largest first
        rows = [
            {**row, "types_number": len(types), "types_largest": int(types[0].split()[-1]) if types else 0}
            for row in rows
            for types in [row["types"]]
        ]
    if name == "supervise":
        return {name: (len(rows), *(table.totals[reason] for reason in _REASONS))}
    return _figures(case, rows)


def pandas(case: str, store: Path, _threads: int) -> Rows:
    """The same in pandas."""
    from reports_in_pandas import in_pandas

    return in_pandas(case, store)


def _figures(case: str, rows: list[dict[str, Any]]) -> Rows:
    if case == "loop":
        return {"loop": tuple(_loop({row["step"]: row for row in rows}))}
    if case == "hours":
        return {place: (row["orders"],) for place, row in enumerate(rows)}
    key, names = _FIGURES.get(case) or _FIGURES.get(case.partition(" by ")[0], (None, ()))
    return {key(row): tuple(row.get(name) or 0 for name in names) for row in rows} if key else {}


def _loop(steps: dict[str, dict[str, Any]]) -> list[Any]:
    asked = "转督办（基本满意、不满意）"
    figures = [row["orders"] for name, row in steps.items() if name not in ("派单", "上期结转")]
    figures += [steps[name]["rate_denominator"] for name in ("按时办结", "满意", "解决")]
    figures += [steps[name]["waiting"] for name in ("签收", "办结", "按时办结", "回访", asked)]
    for name in ("派单", "签收", "办结", "回访"):
        figures += [steps[name][x] for x in ("timed", "hours_median", "hours_p90", "hours_mean")]
    return figures


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
    _import_all(work, *arguments)
    start, cpu = time.perf_counter(), time.process_time()
    try:
        found = work(*arguments)
    except Exception as error:
        sender.send(repr(error))
        return
    spent = time.perf_counter() - start, time.process_time() - cpu
    sender.send((*spent, _peak(), found))


def _peak() -> float:
    """Peak MiB of this process; ``ru_maxrss`` would count what the parent had before."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _import_all(work: Callable[..., Rows], case: str, store: Path, threads: int) -> None:
    """Load what the work needs, by doing it on the sample year: to start Python is not what is compared."""
    work(case, store.with_name("year"), threads)
    if work is pandas:
        import_module("pyarrow").set_cpu_count(1)


def same(one: Rows, other: Rows, *, first: bool = False) -> bool:
    """Tell whether the figures agree: counts to the unit, times to 0.0002 hours (ours are rounded).

    ``first``: ``other`` may tell only the first figures of each row.
    """
    positive, others = ({k: v for k, v in rows.items() if any(v)} for rows in (one, other))
    return positive.keys() == others.keys() and all(
        (first or len(values) == len(others[key]))
        and all(abs(float(a) - float(b or 0)) <= 2e-4 for a, b in zip(values, others[key], strict=False))
        for key, values in positive.items()
    )


def compare_case(case: str, store: Path, threads: int, turns: int) -> bool:
    """Print the line of one case; tell whether all figures agree."""
    works = (ours, by_hand, pandas) if case in SQL else (ours,)
    best: dict[Callable[..., Rows], tuple[float, float, float, Rows]] = {}
    for turn in range(turns):
        for work in works:
            if work is not pandas or turn == 0:
                found = in_a_process(work, case, store, threads)
                best[work] = min(best.get(work, found), found, key=lambda measured: measured[1])
    _, cpu, peak, figures = best[ours]
    line = f"| {case} | {cpu:.2f} | {peak:.0f} |"
    agree = all(same(figures, best[work][3], first=work is pandas) for work in works)
    if case in SQL:
        _, hand_cpu, hand_peak, _ = best[by_hand]
        _, pandas_cpu, pandas_peak, _ = best[pandas]
        line += f" {hand_cpu:.2f} | {hand_peak:.0f} | {cpu / hand_cpu:.2f} |"
        line += f" {pandas_cpu:.1f} | {pandas_peak:,.0f} |"
    print(line if agree else f"{line} DIFFERENT", flush=True)
    return agree


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


def main() -> int:
    """Measure; 1 when figures differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--orders", type=int, default=5_000_000)
    parser.add_argument("--only", action="append")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--turns", type=int, default=3)
    chosen = parser.parse_args()
    store = large_store(chosen.folder, chosen.orders).path
    print(f"{chosen.orders:,} orders, {chosen.threads} thread, load {os.getloadavg()[0]:.1f}")
    print("| report | CPU s | peak MB | by hand CPU s | MB | ratio | pandas CPU s | MB |")
    cases = chosen.only or (*SQL, *UNPAIRED)
    agree = [compare_case(case, store, chosen.threads, chosen.turns) for case in cases]
    if not chosen.only:
        start_to_end(chosen.folder)
    return 0 if all(agree) else 1


if __name__ == "__main__":
    sys.exit(main())
