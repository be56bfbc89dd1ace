"""Repeat issues of a city whose districts share their street names, against the planted truth.

    python benchmarks/repeats_districts.py [DISTRICTS [ORDERS]]     # 4 districts of 8,000 orders each

Each district is a generated year with a seed of its own: the same streets and estates, other people and other
matters. Printed are pair precision and recall, issues that span districts, processor time and peak memory,
district by district and all at once, each in a process of its own.
"""

import resource
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pyarrow as pa

from repeats_input import year


def city(districts: int, orders: int) -> tuple[pa.Table, np.ndarray, np.ndarray]:
    """Return the orders, the number of each order's true issue (its own where alone), and its district."""
    tables, truth = [], []
    for number in range(districts):
        table, told = year(orders, seed=3000 + number)
        name = pa.array([f"{number}区"] * orders)
        tables.append(table.set_column(table.column_names.index("district"), "district", name))
        truth += [
            f"{number}/{issue or f'alone-{row}'}" for row, issue in enumerate(told["issue_id"].to_pylist())
        ]
    _, codes = np.unique(np.array(truth), return_inverse=True)
    return pa.concat_tables(tables), codes, np.repeat(np.arange(districts), orders)


def pairs(counts: Counter) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


def measure(how: str, districts: int, orders: int) -> None:
    from hotline_tools.jobs.repeat_groups import with_categories
    from hotline_tools.repeats.districts import Districts, find_groups_by_district
    from hotline_tools.repeats.find import find_groups

    table, truth, district = city(districts, orders)
    table = with_categories(table)
    begun = time.process_time()
    if how == "by district":
        group = find_groups_by_district([table], Districts.of(table), workers=1).group
    else:
        group = find_groups(table, workers=1).group
    seconds = time.process_time() - begun
    both = pairs(Counter(zip(group.tolist(), truth.tolist(), strict=True)))
    found, true = pairs(Counter(group.tolist())), pairs(Counter(truth.tolist()))
    spans: dict[int, set[int]] = {}
    for issue, place in zip(group.tolist(), district.tolist(), strict=True):
        spans.setdefault(issue, set()).add(place)
    issues = Counter(group.tolist())
    crossing = sum(len(places) > 1 for issue, places in spans.items() if issues[issue] > 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{how:12} pair precision {both / max(found, 1):.3f}  recall {both / true:.3f}  "
        f"issues of several districts {crossing:,} of {sum(n > 1 for n in issues.values()):,}  "
        f"cpu {seconds:.1f} s  peak {peak:,.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    if len(sys.argv) > 3:
        measure(sys.argv[3], int(sys.argv[1]), int(sys.argv[2]))
    else:
        many, size = (sys.argv[1:] + ["4", "8000"][len(sys.argv) - 1 :])[:2]
        for how in ("by district", "all at once"):
            subprocess.run([sys.executable, __file__, many, size, how], check=True)
