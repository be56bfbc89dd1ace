"""Read many damaged files that users write beside exports: no traceback, no hang, no more than 1 GB.

    python benchmarks/fuzz_files.py 20000 [FIRST_SEED]

Layouts, taxonomies, profiles, rules, outlines, notes, calendars, job files, settings, lexicons, populations,
unit aliases, password files, review workbooks, models, bulletins and backups; tests/file_fuzzing.py says how
each is damaged and what is asked of it, and the tests make a small run of the same.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from file_fuzzing import damaged, judge, seeds
from fuzz_pool import run

seeds()  # a model is trained for them: before the clock of the first file starts


def judged(seed: int) -> tuple[str, str]:
    kind, suffix, data = damaged(seed)
    return f"{kind} {suffix}", judge(kind, suffix, data)


if __name__ == "__main__":
    sys.exit(run(judged, *map(int, sys.argv[1:])))
