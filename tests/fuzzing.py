"""Damage files and judge what the importer makes of them.

A damaged file is read or refused with a remedy. When it is read, every row is a work order, a reject or a
counted skip, and (in text formats, where one can look for it) every order number that is still in the
bytes comes out somewhere: silent loss would show as a number that is nowhere.
"""

import io
import random
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from formats import WRITERS, as_html, as_text, zipped
from hotline_tools.errors import InputError
from hotline_tools.layouts import KnownHeaders, load_layouts, match_layout, require_usable
from hotline_tools.normalise import Normaliser
from hotline_tools.privacy import Masker
from hotline_tools.sources import RawBatch, RawTable, open_tables

LAYOUTS = load_layouts()
KNOWN = KnownHeaders(LAYOUTS)
HEADER = ["工单编号", "受理时间", "诉求标题", "诉求内容", "主办单位", "工单状态", "满意度", "备用字段"]
_NUMBER = re.compile(r"GD\d{5}")
_TEXT_FORMATS = ("csv", "tsv", "csv（分号）", "csv（竖线）", "json", "jsonl", "html")
_SPICE = [
    b'"',
    b",",
    b"\n",
    b"\0",
    b"\xff",
    b"\r",
    b"\t",
    b"\xe5",
    b"<",
    b"]",
    b"}",
    b"1e999",
    b"\xef\xbb\xbf",
]


def _plain(rows: int = 40) -> list[list[str]]:
    return [HEADER] + [
        [f"GD{i:05d}", f"2025-06-{i % 28 + 1:02d} 08:00:00", f"标题{i}", f'内容，"{i}",有\n换行',
         "区城管局", "办理中", ("满意", "不满意", "")[i % 3], ""]
        for i in range(rows)
    ]  # fmt: skip


def _seeds() -> list[tuple[str, bytes]]:
    grid = _plain()
    seeds = [(kind, write(grid)) for kind, write in WRITERS.items()]
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        seeds.append((f"csv {encoding}", as_text(grid, encoding=encoding)))
    return [
        *seeds,
        ("html gb18030", as_html(grid, "gb18030")),
        ("zip of xlsx", zipped(WRITERS["xlsx"](grid))),
    ]


SEEDS = _seeds()


def mutated(data: bytes, rng: random.Random) -> bytes:
    """A few bytes changed, cut out, doubled, moved, or the end cut off."""
    raw = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        if not raw:
            break
        at = rng.randrange(len(raw))
        how = rng.randrange(6)
        if how == 0:
            raw[at] = rng.randrange(256)
        elif how == 1:
            del raw[at : at + rng.randint(1, 40)]
        elif how == 2:
            raw[at:at] = rng.choice(_SPICE)
        elif how == 3:
            raw[at:at] = raw[at : at + rng.randint(1, 200)]
        elif how == 4:
            other = rng.randrange(len(raw))
            raw[at : at + 16] = raw[other : other + 16]
        elif rng.randrange(3) == 0:
            del raw[max(at, len(raw) // 2) :]
    return bytes(raw)


def damaged(seed: int) -> tuple[str, bytes]:
    """File number ``seed``: its format and bytes. Half of the containers are damaged inside, checksums
    right, so that the damage reaches the reader."""
    rng = random.Random(seed)
    kind, data = SEEDS[seed % len(SEEDS)]
    if data[:2] == b"PK" and rng.randrange(2):
        return kind, _inside(data, lambda part: mutated(part, rng), rng)
    return kind, mutated(data, rng)


def _inside(data: bytes, change: Callable[[bytes], bytes], rng: random.Random) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        members = [m for m in old.infolist() if m.file_size]
        chosen = rng.choice(members)
        for member in members:
            content = old.read(member)
            new.writestr(member, change(content) if member is chosen else content)
    return buffer.getvalue()


def judge(data: bytes, *, normalise: bool = True) -> str:
    """``read`` or ``refused``; raises whatever should not happen."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        try:
            tables = list(open_tables([Path(file.name)], known_headers=KNOWN))
            read = [(table, _judge_table(table, normalise)) for table in tables]
            _nothing_lost(read, data)
        except InputError as error:
            assert error.remedy, f"no remedy: {error}"
            return "refused"
    return "read"


def _judge_table(table: RawTable, normalise: bool) -> list[RawBatch]:
    raw = list(table.batches())
    counts = table.counts()
    assert counts["rows"] == sum(batch.table.num_rows for batch in raw), "rows do not add up"
    assert counts["rejected"] == sum(len(batch.rejects) for batch in raw), "rejects do not add up"
    if normalise:
        _normalise(table, raw)
    numbers = [n for batch in raw for n in batch.row_numbers.to_pylist()]
    assert all(number > table.header_row for number in numbers), "a row from above the header"
    return raw


def _normalise(table: RawTable, raw: list[RawBatch]) -> None:
    match = match_layout(table.header, table.sample(), LAYOUTS)
    require_usable(match, table.where)
    normaliser = Normaliser(match, table, import_id="fuzz", masker=Masker(bytes(32)))
    for batch in raw:
        done = normaliser.batch(batch)
        assert done.orders.num_rows == batch.table.num_rows, "orders do not add up"
        assert done.rejects.num_rows == len(batch.rejects), "rejects do not add up"


def _nothing_lost(read: list[tuple[RawTable, list[RawBatch]]], data: bytes) -> None:
    table = read[0][0]
    if table.format not in _TEXT_FORMATS or "!" in table.file:
        return
    given = set(_NUMBER.findall(data.decode(table.encoding or "utf-8", "replace").replace("\0", "")))
    found = {number for item in read for text in _texts(*item) for number in _NUMBER.findall(text)}
    lost = given - found
    told = any(word in note for item, _ in read for note in item.notes for word in ("跳过", "未读取"))
    assert told or not lost, f"silently lost {sorted(lost)[:3]}, counted {table.counts()}"


def _texts(table: RawTable, raw: list[RawBatch]) -> list[str]:
    cells = [
        text
        for batch in raw
        for column in batch.table.columns
        for text in column.to_pylist()
        if text is not None
    ]
    kept = [text for batch in raw for reject in batch.rejects for text in reject.raw.values()]
    return [*cells, *kept, *table.original_header]
