"""What the benchmarks of repeat issues are fed with: a generated year, or sentences of real messages mixed.

python benchmarks/repeats_input.py year|mixed ORDERS FILE.parquet [DATA_FOLDER]
"""

import random
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hotline_tools.repeats.find import COLUMNS
from hotline_tools.sample import generate_year

_OF_SAMPLE = {
    "order_id": "工单编号",
    "title": "诉求标题",
    "content": "诉求内容",
    "address": "诉求地点",
    "district": "所属区县",
    "street": "所属镇街",
    "community": "所属社区",
    "request_type": "诉求类型",
    "caller_key": "来电人电话",
    "received_at": "受理时间",
}
_SENTENCE = re.compile(r"[^。！？!?；;\n]{8,}[。！？!?；;]?")
SENTENCES = 4


def year(orders: int, seed: int = 2021) -> tuple[pa.Table, pa.Table]:
    """Return a generated year as work orders, and its truth."""
    sample = generate_year(seed=seed, orders=orders)
    rows = sample.orders.num_rows
    columns = {
        name: sample.orders[_OF_SAMPLE[name]] if name in _OF_SAMPLE else pa.nulls(rows, pa.string())
        for name in COLUMNS
    }
    columns["received_at"] = columns["received_at"].cast(pa.timestamp("us"))
    return pa.table(columns), sample.truth


def mixed(orders: int, folder: Path) -> pa.Table:
    """Return orders with the title of one real message and sentences of ``SENTENCES`` others.

    Longer than a year's, nearly all different, in the words people use; no columns say where.
    """
    from repeats_data import load_judged

    real, dice = load_judged(folder).orders, random.Random(5)
    titles = [title for title in real["title"].to_pylist() if title]
    sentences = [s.strip() for text in real["content"].to_pylist() for s in _SENTENCE.findall(text or "")]
    start = datetime(2025, 1, 1)
    columns: dict[str, list] = {name: [None] * orders for name in COLUMNS}
    columns["order_id"] = [f"M{row:08d}" for row in range(orders)]
    columns["title"] = dice.choices(titles, k=orders)
    columns["content"] = ["".join(dice.choices(sentences, k=SENTENCES)) for _ in range(orders)]
    columns["caller_key"] = [f"c{dice.randrange(2 * orders)}" for _ in range(orders)]
    columns["received_at"] = [start + timedelta(minutes=dice.randrange(525_600)) for _ in range(orders)]
    kinds = [(n, pa.timestamp("us") if n == "received_at" else pa.string()) for n in COLUMNS]
    return pa.table(columns, schema=pa.schema(kinds))


def main() -> None:
    kind, orders, file, *folder = sys.argv[1:]
    table = mixed(int(orders), Path(folder[0])) if kind == "mixed" else year(int(orders))[0]
    pq.write_table(table, file)


if __name__ == "__main__":
    main()
