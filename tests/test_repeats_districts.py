"""An issue belongs to one district: streets of one name in two districts are two streets."""

from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import hotline_tools as ht
from hotline_tools.engine import Engine
from hotline_tools.errors import StoreError
from hotline_tools.jobs import repeat_groups
from hotline_tools.repeats.districts import SOURCE, Districts, find_groups_by_district
from hotline_tools.repeats.encode import spilled_parts
from hotline_tools.repeats.encode.spilled_parts import SpilledParts
from hotline_tools.repeats.find import COLUMNS, find_groups
from hotline_tools.sample.hotline import generate_month
from hotline_tools.store import segments

SCHEMA = pa.schema(
    [(SOURCE, pa.string())]
    + [(name, pa.timestamp("us") if name == "received_at" else pa.string()) for name in COLUMNS]
)
LIFT = {
    "title": "阳光小区电梯故障", "community": "阳光社区", "address": "阳光小区3号楼",
    "content": "阳光小区3号楼电梯坏了半个月没人修，老人上下楼困难，请尽快维修",
}  # fmt: skip


def orders(*rows: dict[str, Any]) -> pa.Table:
    start = datetime(2025, 3, 1)
    full = [
        {"order_id": f"T{n:08d}", "caller_key": f"c{n}", "received_at": start + timedelta(days=n), **row}
        for n, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(full, schema=SCHEMA)


def test_the_same_words_about_two_districts_are_two_issues() -> None:
    table = orders(*({**LIFT, "district": district} for district in ("甲区", "乙区") * 2))
    assert find_groups(table, workers=1).group.tolist() == [0, 0, 0, 0], "one street name, one issue"
    assert find_groups_by_district([table], Districts.of(table), workers=1).group.tolist() == [0, 1, 0, 1]


def test_one_district_is_the_whole() -> None:
    table = orders(*({**LIFT, "district": district} for district in ("甲区", None, "甲区")))
    assert find_groups_by_district([table], Districts.of(table), workers=1).group.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("what", "row", "district"),
    [
        ("its own", {"district": "甲区"}, "甲区"),
        ("named in the address", {"address": "乙区和平路3号"}, "乙区"),
        ("named in the text", {"content": "我住在乙区和平路，路灯不亮"}, "乙区"),
        ("two named: none is sure", {"content": "从甲区到乙区的公交晚点"}, None),
        ("nothing said, a source of one district", {"source": "甲区网格"}, "甲区"),
        ("nothing said, a source of several", {"source": "12345"}, None),
    ],
)
def test_an_order_without_a_district_is_put_where_something_says_it_is(
    what: str, row: dict[str, Any], district: str | None
) -> None:
    known = [
        {"district": "甲区", "source": "甲区网格"}, {"district": "甲区", "source": "12345"},
        {"district": "乙区", "source": "12345"},
    ]  # fmt: skip
    together = orders(*known, row)
    assert Districts.of(together).of_orders(together).to_pylist()[-1] == district


def test_the_result_does_not_depend_on_the_other_districts() -> None:
    """A city whose two districts have the same streets: each district's groups are those it has alone."""
    parts = []
    for seed, district in ((1, "甲区"), (2, "乙区")):
        sample = generate_month("2021-06", seed, 400).orders
        rows = zip(
            *(sample[name].to_pylist() for name in ("诉求标题", "诉求内容", "诉求地点", "来电人电话")),
            strict=True,
        )
        parts.append([
            {"title": t, "content": c, "address": a, "caller_key": p, "district": district}
            for t, c, a, p in rows
        ])  # fmt: skip
    alone = [find_groups(orders(*part), workers=1).group for part in parts]
    city = orders(*parts[0], *parts[1])
    both = find_groups_by_district([city], Districts.of(city), workers=1).group
    first = len(parts[0])
    assert both[:first].tolist() == alone[0].tolist()
    assert (both[first:] - first).tolist() == alone[1].tolist()
    assert len(set(alone[0])) < first, "there are issues at all"


def test_a_store_of_two_districts_has_no_issue_of_both(tmp_path: Any) -> None:
    paths = []
    for seed, district in ((1, "甲区"), (2, "乙区")):
        frame = generate_month("2021-06", seed, 300).orders.to_pandas()
        frame["所属区县"] = district
        frame["工单编号"] = district + frame["工单编号"]
        paths.append(tmp_path / f"{district}.csv")
        frame.to_csv(paths[-1], index=False, encoding="utf-8-sig")
    store = ht.Store.open(tmp_path / "store", create=True)
    ht.import_files(store, paths)
    ht.find_repeats(store)
    with Engine(store) as database:
        rows = database.query(
            "SELECT m.issue_id, o.district FROM issue_members AS m JOIN stored_orders AS o USING (order_key)"
        ).to_pylist()
    districts: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        districts[row["issue_id"]].add(row["district"])
    assert len(districts) > 10
    assert all(len(names) == 1 for names in districts.values())


def two_districts() -> pa.Table:
    """Orders of two districts and some of which nothing tells the district, in the store's order."""
    rows: list[dict[str, Any]] = []
    for seed, district in ((1, "甲区"), (2, "乙区"), (3, None)):
        sample = generate_month("2021-06", seed, 150).orders
        names = ("诉求标题", "诉求内容", "诉求地点", "来电人电话")
        for title, text, address, phone in zip(*(sample[n].to_pylist() for n in names), strict=True):
            rows.append(
                {
                    "title": title,
                    "content": text,
                    "address": address,
                    "caller_key": phone,
                    "district": district,
                }
            )
    return orders(*rows)


def found(table: pa.Table, *, at_a_time: int, folder: Path | None = None) -> list[int]:
    batches = [table.slice(start, at_a_time) for start in range(0, len(table), at_a_time)]
    return find_groups_by_district(batches, Districts.of(table), workers=1, folder=folder).group.tolist()


def test_parts_that_waited_on_the_disk_are_those_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = two_districts()
    in_memory = found(table, at_a_time=len(table))
    assert len(set(in_memory)) < len(table)
    written = []
    monkeypatch.setattr(spilled_parts, "_MOST_ROWS", 100)
    spill = SpilledParts._spill
    monkeypatch.setattr(SpilledParts, "_spill", lambda self: written.append(spill(self)))
    assert found(table, at_a_time=40, folder=tmp_path) == in_memory
    assert len(written) > 2
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spilled_parts, "_MOST_ROWS", 100)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spilled_parts, "TemporaryFile", full)
    with pytest.raises(StoreError, match="临时数据写不下"):
        found(two_districts(), at_a_time=40, folder=tmp_path)


def test_issues_do_not_depend_on_the_files_of_a_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same exports into one file a month and into many: the same issues, labels and members."""
    for part in range(3):
        frame = generate_month("2021-06", 5, 300).orders.to_pandas().iloc[part::3]
        frame.to_csv(tmp_path / f"{part}.csv", index=False)
    tables = []
    for full in (10**6, 20):
        monkeypatch.setattr(segments, "FULL_ROWS", full)
        store = ht.Store.open(tmp_path / f"store-{full}", create=True)
        for part in range(3):
            ht.import_files(store, [tmp_path / f"{part}.csv"])
        ht.find_repeats(store)
        tables.append({name: pq.read_table(path).to_pylist() for name, path in store.issue_files().items()})
        tables[-1].pop("issue_history")
    assert len(store.order_files()) > 2
    ids = [{row["order_key"]: row["issue_id"] for row in each["issue_members"]} for each in tables]
    groups = [{frozenset(k for k in one if one[k] == issue) for issue in one.values()} for one in ids]
    assert groups[0] == groups[1] != set()


def test_an_import_in_the_midst_of_the_search_mixes_no_orders_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of the search are those that it read: orders that came before them meanwhile move none."""
    texts = ["阳光小区3号楼电梯坏了半个月没人修", "阳光小区3号楼电梯坏了半个月了没人修", "和平路12号路灯不亮"]
    lines = [f"T{n},2025-06-0{n} 08:00,{text},{text}，请尽快维修" for n, text in enumerate(texts, 1)]
    early = ["E1,2025-05-01 08:00,占道经营,长江路1号门口摆摊占道"]
    head = "工单编号,受理时间,诉求标题,诉求内容"
    for name, rows in (("a", lines), ("b", early)):
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    store = ht.Store.open(tmp_path / "store", create=True)
    ht.import_files(store, [tmp_path / "a.csv"])
    districts_of = repeat_groups.districts_of

    def late(asked: ht.Store) -> Districts:
        ht.import_files(store, [tmp_path / "b.csv"])
        return districts_of(asked)

    monkeypatch.setattr(repeat_groups, "districts_of", late)
    ht.find_repeats(store)
    members = pq.read_table(store.issue_files()["issue_members"]).to_pylist()
    assert [row["order_id"] for row in members] == ["T1", "T2"]
