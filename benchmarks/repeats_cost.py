"""What finding repeat issues costs: time and memory of a number of orders, each measured in a new process.

The orders are made and written by one process and read by another, in which nothing else is measured, so
that no peak is another's. Memory is looked at from outside, ten times a second: the resident memory of the
process, and the sum of its and all its workers' (pages that they share count more than once).
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

HEAD = (
    f"{'orders':>10} {'wall s':>8} {'CPU s':>8} {'main MB':>8} {'all MB':>8} {'pairs':>12} {'load':>6}  "
    "times the last: orders, wall, CPU"
)
_HERE = Path(__file__).parent


def measure_cost(sizes: list[int], workers: int | None, kind: str, data: Path) -> Iterator[str]:
    """Yield the lines of a table, one a number of orders. ``kind`` is one of ``repeats_input``'s."""
    yield HEAD
    before: dict[str, Any] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="hotline-") as folder:
            file = str(Path(folder) / "orders.parquet")
            subprocess.run(
                [sys.executable, str(_HERE / "repeats_input.py"), kind, str(size), file, str(data)],
                check=True,
            )
            now = _measured(file, workers)
        yield _line(now, before)
        before = now


def _line(now: dict[str, Any], before: dict[str, Any]) -> str:
    times = [f"{now[name] / before[name]:.1f}" for name in ("orders", "wall", "cpu")] if before else []
    return (
        f"{now['orders']:>10,} {now['wall']:>8.1f} {now['cpu']:>8.1f} {now['main']:>8,.0f}"
        f" {now['all']:>8,.0f} {now['pairs']:>12,} {now['load']:>6.1f}  {', '.join(times)}"
    ).rstrip()


def _measured(file: str, workers: int | None) -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__)), file, str(workers or 0)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        seen = {"main": 0.0, "all": 0.0}
        watcher = threading.Thread(target=_watch, args=(process, seen))
        watcher.start()
        assert process.stdout is not None
        answer = process.stdout.read()
        process.wait()
        watcher.join()
    if process.returncode:
        raise SystemExit(process.returncode)
    return seen | json.loads(answer)


def _watch(process: subprocess.Popen, seen: dict[str, float]) -> None:
    main = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            own = main.memory_info().rss
            below = sum(_resident(child) for child in main.children(recursive=True))
        except psutil.Error:
            continue
        seen["main"] = max(seen["main"], own / 1e6)
        seen["all"] = max(seen["all"], (own + below) / 1e6)
        time.sleep(0.1)


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def main() -> None:
    """Measure the orders of a file; print the figures as JSON."""
    import pyarrow.parquet as pq

    from hotline_tools.repeats.find import find_groups

    file, workers = sys.argv[1:]
    orders = pq.read_table(file)
    loads, started, used = [os.getloadavg()[0]], time.perf_counter(), _cpu_seconds()
    pairs = find_groups(orders, workers=int(workers) or None).pairs
    wall, cpu = time.perf_counter() - started, _cpu_seconds() - used
    loads.append(os.getloadavg()[0])
    figures = {"orders": orders.num_rows, "wall": wall, "cpu": cpu, "pairs": pairs, "load": sum(loads) / 2}
    print(json.dumps(figures))


def _cpu_seconds() -> float:
    """Return the processor time of this process and of its workers, which have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main()
