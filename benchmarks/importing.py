"""Import against a bare ``pyarrow.csv`` read and Parquet write of the same file, in the same run.

    python benchmarks/importing.py FILE.csv [ENCODING]     # ENCODING of the bare read, default gb18030

Each runs in a process of its own; printed are wall time, processor time, peak memory, and the ratio.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def bare(path: Path, encoding: str, folder: Path) -> int:
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    parse = pc.ParseOptions(newlines_in_values=True)
    rows = 0
    options = pc.ReadOptions(encoding=encoding)
    with (
        pc.open_csv(path, read_options=options, parse_options=parse) as reader,
        pq.ParquetWriter(folder / "bare.parquet", reader.schema, compression="zstd") as writer,
    ):
        for batch in reader:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def ours(path: Path, folder: Path) -> int:
    from hotline_tools.pipeline.importing import import_tables
    from hotline_tools.pipeline.reading import Reading, matched_tables
    from hotline_tools.store import Store

    store = Store.open(folder / "store", create=True)
    return import_tables(matched_tables([path], Reading()), store).totals()["read"]


def run(what: str, path: Path, encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        rows = bare(path, encoding, Path(folder)) if what == "bare" else ours(path, Path(folder))
        seconds = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(rows, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main(path: str, encoding: str = "gb18030") -> None:
    times = {}
    for what in ("bare", "ours"):
        command = [sys.executable, __file__, "--run", what, path, encoding]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        rows, wall, cpu, memory = map(float, done.stdout.split())
        times[what] = (wall, cpu)
        print(
            f"{what:5} {rows:9.0f} rows  {wall:7.2f} s  {rows / wall:8.0f} rows/s  "
            f"cpu {cpu:7.2f} s  {memory:5.0f} MB"
        )
    print(
        f"ratio wall {times['ours'][0] / times['bare'][0]:.2f}  cpu {times['ours'][1] / times['bare'][1]:.2f}"
    )


if __name__ == "__main__":
    if sys.argv[1] == "--run":
        run(sys.argv[2], Path(sys.argv[3]), sys.argv[4])
    else:
        main(*sys.argv[1:])
