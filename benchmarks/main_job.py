"""The main job's speed and memory, beside plain scripts that do the least one could, in one run.

    python benchmarks/main_job.py [--orders 31838]

Prints: import rows/s against ``pandas.read_csv`` + ``to_parquet``; classify messages/s against jieba's
own segmentation; peak memory of the whole job; ``hotline --help`` against ``import typer``.
Each measurement runs in a process of its own on one core; ratios count, absolute times do not.
"""

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

CHARACTERS = 360


def in_a_process(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run ``work`` on one core in a new process; return (seconds, peak MB, what it returned)."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(sender, work, arguments))
    process.start()
    answer = receiver.recv()
    process.join()
    return answer


def _measure(sender: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    ready = work(*arguments)
    start = time.perf_counter()
    result = ready()
    seconds = time.perf_counter() - start
    sender.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, result))


def plain_import(path: Path, out: Path) -> Callable[[], int]:
    import pandas as pd

    def run() -> int:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
        table.to_parquet(out / "plain.parquet", compression="zstd")
        return len(table)

    return run


def our_import(path: Path, out: Path) -> Callable[[], int]:
    from hotline_tools.jobs.importing import import_tables
    from hotline_tools.jobs.opening import OpenOptions, matched_tables
    from hotline_tools.store import Store

    def run() -> int:
        store = Store.open(out / "store", create=True)
        return import_tables(matched_tables([path], OpenOptions()), store).totals()["new"]

    return run


def messages(path: Path, count: int) -> tuple[list[str], list[str]]:
    import pandas as pd

    table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", nrows=count).fillna("")
    contents = [(text * (CHARACTERS // max(1, len(text)) + 1))[:CHARACTERS] for text in table["诉求内容"]]
    return table["诉求标题"].tolist(), contents


def plain_classify(path: Path, count: int) -> Callable[[], int]:
    import jieba

    jieba.initialize()
    titles, contents = messages(path, count)

    def run() -> int:
        return sum(
            len(jieba.lcut(title + content)) > 0 for title, content in zip(titles, contents, strict=True)
        )

    return run


def our_classify(path: Path, count: int) -> Callable[[], int]:
    import pyarrow as pa

    from hotline_tools.classify import Classifier

    titles, contents = messages(path, count)
    classifier = Classifier.default()
    classifier.classify(titles[:100], contents[:100])

    def run() -> int:
        return sum(
            classifier.classify(pa.array(titles[at : at + 4096]), pa.array(contents[at : at + 4096])).num_rows
            for at in range(0, len(titles), 4096)
        )

    return run


def whole_job(folder: Path, orders: int) -> Callable[[], int]:
    from contextlib import contextmanager

    from hotline_tools.jobs.demo import run_demo

    @contextmanager
    def quiet(_what: str, _total: int | None) -> Any:
        yield lambda _: None

    return lambda: run_demo(folder, orders=orders, step=quiet).imported.totals()["new"]


def seconds_of(command: list[str], repeats: int = 7) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=31_838)
    orders = parser.parse_args().orders
    names = ("hotline-tools", "pyarrow", "duckdb", "rjieba", "scikit-learn")
    print(platform.platform(), platform.python_version(), *(f"{n} {version(n)}" for n in names), sep=" | ")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds, peak, rows = in_a_process(whole_job, folder / "demo", orders)
        print(f"whole demo job: {rows} orders, {seconds:.1f} s on one core, peak {peak:.0f} MB")
        export = folder / "demo" / "年度工单.csv"
        plain, _, _ = in_a_process(plain_import, export, folder)
        ours, peak, rows = in_a_process(our_import, export, folder)
        print(f"import: {rows / ours:,.0f} rows/s, peak {peak:.0f} MB, {ours / plain:.2f}x pandas")
        count = min(orders, 20_000)
        plain, _, _ = in_a_process(plain_classify, export, min(count, 2_000))
        ours, _, rows = in_a_process(our_classify, export, count)
        speed, base = rows / ours, min(count, 2_000) / plain
        print(f"classify ({CHARACTERS} characters): {speed:,.0f} messages/s, {speed / base:.1f}x jieba alone")
    typer = seconds_of([sys.executable, "-c", "import typer"])
    ours = seconds_of([sys.executable, "-m", "hotline_tools", "--help"])
    print(f"hotline --help: {ours * 1000:.0f} ms, {ours / typer:.2f}x import typer")


if __name__ == "__main__":
    main()
