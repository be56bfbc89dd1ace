"""Is the store what it should be?"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotline_tools.schema import ORDERS
from hotline_tools.store.plan import quoted


def find_problems(partitions: Sequence[Path]) -> list[str]:
    """Read every partition and return what is wrong, in Chinese; an empty list means sound.

    Checked: files can be read in full, have the schema, hold only their month, are sorted, and no
    order key occurs twice.
    """
    problems = []
    sound = []
    for path in partitions:
        found = _file_problems(path)
        problems += [f"{path.parent.name}：{text}" for text in found]
        if not found:
            sound.append(path)
    return problems + (_repeated_keys(sound) if sound else [])


def _file_problems(path: Path) -> list[str]:
    times: list[pa.ChunkedArray] = []
    try:
        with pq.ParquetFile(path) as file:
            if file.schema_arrow.names != ORDERS.names:
                return ["列与本版本的工单结构不符，请重新导入"]
            for group in range(file.num_row_groups):
                times.append(file.read_row_group(group).column("received_at"))
    except (OSError, pa.ArrowException) as error:
        return [f"文件损坏（{error}），请从备份恢复或重新导入"]
    received = pa.chunked_array(
        [chunk for column in times for chunk in column.chunks], ORDERS.field("received_at").type
    )
    problems = []
    strangers = _strangers(received, path.parent.name.removeprefix("month="))
    if strangers:
        problems.append(f"有 {strangers} 件不属于该月")
    if bool((np.diff(received.drop_null().cast(pa.int64()).to_numpy()) < 0).any()):
        problems.append("未按受理时间排序")
    return problems


def _strangers(received: pa.ChunkedArray, month: str) -> int:
    if month == "unknown":
        return int(len(received) - received.null_count)
    own = pc.equal(pc.strftime(received, format="%Y-%m"), month)
    return int(len(received) - (pc.sum(own).as_py() or 0))


def _repeated_keys(paths: Sequence[Path]) -> list[str]:
    names = ", ".join(quoted(str(path)) for path in paths)
    with duckdb.connect() as database:
        rows = database.execute(
            f"SELECT order_key FROM read_parquet([{names}], hive_partitioning = FALSE) "
            "GROUP BY order_key HAVING count(*) > 1 ORDER BY order_key LIMIT 5"
        ).fetchall()
    return [f"工单键 {key} 出现多次" for (key,) in rows]
