"""Is the store what it should be?"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hotline_tools.parquet import damage_of, select_sql, unknown_columns
from hotline_tools.schema import ORDERS


def find_problems(partitions: Sequence[Path], others: Sequence[Path]) -> list[str]:
    """Read every Parquet file and return what is wrong, in Chinese; an empty list means sound.

    Checked of all: they can be read in full. Of ``partitions`` (of ``others`` not): they hold only their
    month, are sorted, have no column that this version does not know, and no order key occurs twice.
    """
    problems = []
    sound = []
    for path in partitions:
        found = _partition_problems(path)
        problems += [f"{path.parent.name}：{text}" for text in found]
        if not found:
            sound.append(path)
    problems += [f"{path}：{_damaged(why)}" for path in others if (why := damage_of(path))]
    return problems + (_repeated_keys(sound) if sound else [])


def _damaged(why: str) -> str:
    return f"文件损坏（{why}），请从备份恢复或重新导入"


def _partition_problems(path: Path) -> list[str]:
    why = damage_of(path)
    if why:
        return [_damaged(why)]
    problems = []
    unknown = unknown_columns([path], ORDERS)
    if unknown:
        problems.append(f"有本版本不认识的列：{'、'.join(unknown)}；请升级 hotline-tools")
    received = pq.read_table(path, columns=["received_at"], partitioning=None).column("received_at")
    strangers = _strangers(received, path.parent.name.removeprefix("month="))
    if strangers:
        problems.append(f"有 {strangers} 件不属于该月")
    if bool((np.diff(received.drop_null().cast(pa.int64()).to_numpy()) < 0).any()):
        problems.append("未按受理时间排序")
    return problems


def _strangers(received: pa.ChunkedArray, month: str) -> int:
    if month == "unknown":
        return int(len(received) - received.null_count)
    start = np.datetime64(
        month, "M"
    )  # not strftime, for which Arrow on Windows looks for a database of zones
    first, after = (
        pa.scalar(edge.astype("datetime64[us]").item(), received.type) for edge in (start, start + 1)
    )
    own = pc.and_(pc.greater_equal(received, first), pc.less(received, after))
    return int(len(received) - (pc.sum(own).as_py() or 0))


def _repeated_keys(paths: Sequence[Path]) -> list[str]:
    with duckdb.connect() as database:
        rows = database.execute(
            f"SELECT order_key FROM ({select_sql(paths, ORDERS)}) GROUP BY order_key HAVING count(*) > 1 "
            "ORDER BY order_key LIMIT 5"
        ).fetchall()
    return [f"工单键 {key} 出现多次" for (key,) in rows]
