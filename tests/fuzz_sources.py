"""Read many damaged files; no traceback, no hang, every row counted. Not collected by pytest.

``python tests/fuzz_sources.py 100000`` prints what became of them and the slowest file.
"""

import sys
import time
from collections import Counter

from hotline_tools.errors import InputError
from test_sources_properties import SEEDS, mutated, read, values


def run(files: int, first: int = 0) -> tuple[Counter[str], float]:
    """Outcomes, and the seconds of the slowest file."""
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for seed in range(first, first + files):
        data = mutated(SEEDS[seed % len(SEEDS)], seed)
        started = time.perf_counter()
        try:
            tables = read(data)
            for table in tables:
                assert table.counts()["rows"] == len(values(table)), f"rows lost, seed {seed}"
            outcomes["read"] += 1
            outcomes["rows rejected"] += sum(table.counts()["rejected"] for table in tables)
        except InputError:
            outcomes["refused"] += 1
        except Exception as error:
            outcomes[f"{type(error).__name__}: {str(error)[:80]} (seed {seed})"] += 1
        slowest = max(slowest, time.perf_counter() - started)
    return outcomes, slowest


if __name__ == "__main__":
    counts, worst = run(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    for outcome, number in counts.most_common():
        sys.stdout.write(f"{number:8d}  {outcome}\n")
    sys.stdout.write(f"slowest file: {worst:.2f} s\n")
