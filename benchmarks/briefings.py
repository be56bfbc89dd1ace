"""How long briefings take, and the memory: a year in all forms, and a file for each department.

    python benchmarks/briefings.py [--orders 31838] [--folder DIR]

Each measurement is one run of the command in a process of its own, on a generated year that is imported,
classified and searched for repeats before. Prints seconds, seconds of CPU and peak MB of the largest process.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import hotline_tools as ht
from hotline_tools.render.registry import names

_COMMAND = (sys.executable, "-c", "from hotline_tools.cli import main; main()")


def prepared(folder: Path, orders: int) -> Path:
    """Return the store of a generated year; one that lies in the folder already is used again."""
    path = folder / "hotline-store"
    if not path.exists():
        ht.sample(folder, orders=orders)
        store = ht.Store.open(path, create=True)
        ht.import_files(store, folder / "年度工单.csv")
        ht.classify(store)
        ht.find_repeats(store)
    return path


def measured(*arguments: str) -> str:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([*_COMMAND, *arguments], check=False, capture_output=True, text=True)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in (0, 3), done.stderr
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return f"{seconds:6.1f} s {cpu:7.1f} s CPU {after.ru_maxrss / 1024:7.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=31_838)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        common = ("--store", str(prepared(folder, options.orders)), "-q", "brief", "--period")
        out = Path(temporary)
        forms = [one for one in names("document") if one != "pdf"]
        outputs = [part for form in forms for part in ("-o", str(out / f"年报.{form}"))]
        print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        print("the year,", "、".join(forms), measured(*common, "2021", "--edition", "yearly", *outputs))
        for period in ("2021", "2021-06"):
            each = ("--each", "department", "-o", str(out / f"{period}.docx"))
            figures = measured(*common, period, *each)
            print(f"{period}, each of {len(list(out.glob(f'{period}-*.docx')))} departments", figures)


if __name__ == "__main__":
    main()
