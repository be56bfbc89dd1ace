"""What each stage costs from a district to a city: seconds, CPU and memory by the number of orders.

    python benchmarks/suite.py [--orders 10000 100000 1000000] [--without repeats] [-o docs/suite.png]
        [--folder DIR]    # where files and stores lie, by default the temporary folder

Each stage is the command itself in a process of its own, so that its start-up counts; beside it, in the same
run, a plain script that does the least one could (pandas for the import, jieba alone on a part for classify).
The growth is of CPU seconds: the exponent of the orders, 1.0 is linear. More than a million orders are those
of several districts of a million, one file each: the same texts under other ids, in a district of another
name. A stage that fails is told, and has no figure.
"""

import argparse
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

HOTLINE = [sys.executable, "-m", "hotline_tools"]
MONTH = "2021-06"
_PANDAS = """
import sys, pandas as pd
pd.read_csv(sys.argv[1], dtype=str, encoding="utf-8-sig").to_parquet(sys.argv[2], compression="zstd")
"""
_JIEBA = """
import sys, jieba, pandas as pd
table = pd.read_csv(sys.argv[1], dtype=str, encoding="utf-8-sig", nrows=int(sys.argv[2])).fillna("")
for text in table["诉求标题"] + table["诉求内容"]:
    jieba.lcut(text)
"""
_DISTRICT, _NAMED, _NUMBERED = 1_000_000, "云河区", "YH2"
"""Orders of a district at most, what the sample calls it, and how its ids begin."""
_CUT = 20_000
"""jieba alone is run on so many messages at most, and its CPU seconds are multiplied."""


@dataclass(frozen=True)
class Cost:
    """What a process took."""

    seconds: float
    cpu: float
    peak_mb: float

    def told(self) -> str:
        return f"{self.cpu:.1f} ({self.seconds:.1f}), {self.peak_mb:,.0f}"


def cost_of(command: list[str]) -> Cost:
    """Run a command to its end; raise ``RuntimeError`` with its message when it fails (but for 0 and 3)."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        code = process.returncode = os.waitstatus_to_exitcode(status)
        if code not in (0, 3):
            said.seek(0)
            message = said.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(command)} ended with {code}: {message}")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def stages(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each stage's name and command, in the order of an analyst's work."""
    store = [*HOTLINE, "-q", "--store", str(folder / "store")]
    yield "import", [*store, "import", *map(str, sorted(folder.glob("年度工单*.csv")))]
    yield "classify", [*store, "classify"]
    yield "repeats", [*store, "repeats", "-o", str(folder / "事项.csv")]
    for name in report_names():
        yield f"report {name}", [*store, "report", name, "--format", "csv", "-o", str(folder / f"{name}.csv")]
    yield "brief", [*store, "brief", "--period", MONTH, "-o", str(folder / "月报.docx")]


def report_names() -> list[str]:
    import hotline_tools as ht

    return list(ht.report_names())


def write_orders(folder: Path, orders: int) -> str:
    """Write the export, or those of several districts; return the file of the first (or only) one."""
    each = min(orders, _DISTRICT)
    cost_of([*HOTLINE, "-q", "sample", str(folder), "--orders", str(each)])
    for name in ("年度工单-真值.csv", "留言板.xlsx", "留言板-真值.csv", "网格上报.csv", "网格上报-真值.csv"):
        (folder / name).unlink()
    first = folder / "年度工单.csv"
    for number in range(1, -(-orders // each)):
        with (
            first.open(encoding="utf-8-sig") as source,
            (folder / f"年度工单{number}.csv").open("w", encoding="utf-8-sig") as target,
        ):
            for line in source:
                target.write(
                    line.replace(_NAMED, f"云河{number}区").replace(_NUMBERED, f"D{number}{_NUMBERED}")
                )
    return str(first)


def measured(orders: int, left_out: set[str], place: Path | None) -> dict[str, Cost]:
    """Return the cost of every stage, and of the plain scripts, for a number of orders."""
    with tempfile.TemporaryDirectory(prefix="hotline-suite-", dir=place) as name:
        folder = Path(name)
        export = write_orders(folder, orders)
        files = len(list(folder.glob("*.csv")))
        bare = cost_of([sys.executable, "-c", _PANDAS, export, str(folder / "p.parquet")])
        found = {"import, pandas": Cost(bare.seconds * files, bare.cpu * files, bare.peak_mb)}
        few = cost_of([sys.executable, "-c", _JIEBA, export, str(min(orders, _CUT))])
        times = max(1.0, orders / _CUT)
        found["classify, jieba alone"] = Cost(few.seconds * times, few.cpu * times, few.peak_mb)
        for stage, command in stages(folder):
            if stage not in left_out:
                try:
                    found[stage] = cost_of(command)
                except RuntimeError as error:
                    print(error, file=sys.stderr, flush=True)
                    continue
                print(f"  {orders:,} {stage}: {found[stage].told()}", file=sys.stderr, flush=True)
        return found


def growth(sizes: list[int], costs: list[float]) -> float | None:
    """Return the exponent between the first and the last size; None for one size."""
    if len(sizes) < 2:
        return None
    return math.log(costs[-1] / costs[0]) / math.log(sizes[-1] / sizes[0])


def table(found: dict[int, dict[str, Cost]]) -> str:
    """Return the Markdown table: a row a stage, CPU s / peak MB of each size, and the growth."""
    sizes = sorted(found)
    names = list(found[sizes[0]])
    lines = ["| stage | " + " | ".join(f"{n:,}: CPU s (wall), MB" for n in sizes) + " | growth |"]
    lines.append("|---|" + "---:|" * (len(sizes) + 1))
    for name in names:
        costs = [found[n].get(name) for n in sizes]
        cells = [cost.told() if cost else "–" for cost in costs]
        exponent = growth(sizes, [c.cpu for c in costs if c]) if all(costs) else None
        lines.append(f"| {name} | {' | '.join(cells)} | {'' if exponent is None else f'{exponent:.2f}'} |")
    return "\n".join(lines)


def draw(found: dict[int, dict[str, Cost]], path: Path) -> None:
    """Draw CPU seconds against orders, both logarithmic; the reports as their sum."""
    from matplotlib.figure import Figure

    sizes = sorted(found)
    figure = Figure(figsize=(7, 5), layout="constrained")
    axes = figure.add_subplot()
    for name in ("import", "classify", "repeats", "brief", "import, pandas", "classify, jieba alone"):
        known = [n for n in sizes if name in found[n]]  # a stage that failed at a size has no point there
        if known:
            style = "--" if "," in name else "-"
            axes.plot(known, [found[n][name].cpu for n in known], style, marker="o", label=name)
    totals = [sum(c.cpu for name, c in found[n].items() if name.startswith("report ")) for n in sizes]
    axes.plot(sizes, totals, marker="o", label="all reports")
    axes.set(xscale="log", yscale="log", xlabel="orders", ylabel="CPU seconds", title="Cost of each stage")
    axes.legend(frameon=False)
    figure.savefig(path, dpi=100)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--orders", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--without", nargs="*", default=[], help="stages that are left out")
    parser.add_argument("-o", "--output", type=Path, help="the chart")
    parser.add_argument("--folder", type=Path, help="where the files and stores lie")
    asked = parser.parse_args()
    found = {orders: measured(orders, set(asked.without), asked.folder) for orders in sorted(asked.orders)}
    names = ("hotline-tools", "pyarrow", "duckdb", "scikit-learn", "pandas")
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{date.today()}, {machine}, {', '.join(f'{n} {version(n)}' for n in names)}\n")
    print(table(found))
    for orders, costs in found.items():
        ours = [cost for name, cost in costs.items() if "," not in name]
        wall, peak = sum(c.seconds for c in ours), max(c.peak_mb for c in ours)
        print(f"\n{orders:,} orders, all stages one after another: {wall:.0f} s, peak {peak:,.0f} MB")
    if asked.output:
        draw(found, asked.output)


if __name__ == "__main__":
    main()
