"""Import and undo leave the store as it was, by content of every table; undo is atomic and refuses."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli import hotline
from hotline_tools.errors import StoreError, UsageError
from hotline_tools.jobs.importing import import_tables
from hotline_tools.jobs.opening import OpenOptions, matched_tables
from hotline_tools.schema import LABELS
from hotline_tools.store import ImportRecord, Store

HEADER = ("工单编号", "受理时间", "诉求标题", "主办单位", "工单状态")
Row = tuple[str, str, str, str, str]


def row(number: str, day: str = "2025-06-03", unit: str = "路灯所", title: str = "路灯不亮") -> Row:
    return (number, f"{day} 10:00:00", title, unit, "办理中")


def write(path: Path, rows: list[Row], *, broken: int = 0) -> Path:
    """Write an export; ``broken`` rows at its end have too many cells to be read for certain."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
        for number in range(broken):
            file.write(f"B{number},2025-06-03,一,二,三,四,五,六\n")
    return path


def bring_in(store: Store, path: Path) -> ImportRecord:
    (record,) = import_tables(matched_tables([path], OpenOptions()), store).records
    return record


def content(store: Store) -> dict[str, list[dict[str, object]]]:
    """Every row of every table but the import log, in a fixed sequence."""
    tables = {}
    for folder in ("orders", "rejects", "labels", "issues", "undo"):
        rows = []
        for path in sorted(store.files.folder(folder).glob("**/*.parquet")):
            place = path.relative_to(store.path).as_posix()
            rows += [{**r, "file": place} for r in pq.read_table(path, partitioning=None).to_pylist()]
        tables[folder] = sorted(rows, key=repr)
    return tables


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store", create=True)


def label(store: Store, origin: str, *keys: str) -> None:
    rows = pa.Table.from_pylist([{"order_key": key, "category": "市政设施"} for key in keys], schema=LABELS)
    store.write_labels([rows], origin=origin)  # type: ignore[arg-type]


def test_new_orders_go_and_updated_ones_return(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "a.csv", [row("A1", "2025-05-30"), row("A2")]))
    before = content(store)
    second = [row("A1", "2025-06-01"), row("A3", "2025-07-01", title="积水")]
    record = bring_in(store, write(tmp_path / "b.csv", second, broken=2))
    assert (record.counts.new, record.counts.updated, record.counts.rejected) == (1, 1, 2)
    assert len(content(store)["undo"]) == 1
    result = store.undo(record.import_id)
    assert (result.removed, result.restored) == (1, 1)
    assert content(store) == before
    assert not (store.path / "orders" / "month=2025-07").exists()
    assert store.verify() == []
    assert [r.undone_at is not None for r in store.records()] == [False, True]
    with pytest.raises(UsageError, match=r"已于 .* 撤销"):
        store.undo(record.import_id)
    assert bring_in(store, tmp_path / "b.csv").counts == record.counts


def test_undo_of_the_first_import_leaves_an_empty_store(store: Store, tmp_path: Path) -> None:
    record = bring_in(store, write(tmp_path / "a.csv", [row("A1"), row("")], broken=1))
    store.undo(record.import_id)
    assert content(store) == {"orders": [], "rejects": [], "labels": [], "issues": [], "undo": []}
    assert store.info().orders == 0


def test_later_imports_of_the_same_orders_are_undone_first(store: Store, tmp_path: Path) -> None:
    first = bring_in(store, write(tmp_path / "a.csv", [row("A1"), row("A2")]))
    states = [content(store)]
    second = bring_in(store, write(tmp_path / "b.csv", [row("A2", unit="城管局"), row("A3")]))
    states.append(content(store))
    other = bring_in(store, write(tmp_path / "c.csv", [row("A9", title="井盖")]))
    third = bring_in(store, write(tmp_path / "d.csv", [row("A3", unit="住建局")]))
    with pytest.raises(StoreError, match="又改动了同一些工单") as caught:
        store.undo(first.import_id)
    said = str(caught.value)
    assert said.index(third.import_id) < said.index(second.import_id), "newest first"
    assert other.import_id not in said
    store.undo(other.import_id)
    store.undo(third.import_id)
    assert content(store) == states[1]
    store.undo(second.import_id)
    assert content(store) == states[0]
    store.undo(first.import_id)
    assert content(store)["orders"] == []


def test_rejects_that_an_import_replaced_return(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row("A1")], broken=2)
    first = bring_in(store, path)
    (file,) = store.reject_files()
    table = pq.read_table(file, partitioning=None)
    pq.write_table(table.slice(0, 1), file)  # as if read with fewer rejects before
    before = content(store)
    second = bring_in(store, path)
    with pytest.raises(StoreError, match=second.import_id):
        store.undo(first.import_id)
    store.undo(second.import_id)
    assert content(store) == before
    store.undo(first.import_id)
    assert content(store)["rejects"] == []


def test_labels_of_the_model_go_and_those_of_people_wait(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "a.csv", [row("A1")]))
    record = bring_in(store, write(tmp_path / "b.csv", [row("A2", title="积水")]))
    first, second = (str(r["order_key"]) for r in content(store)["orders"])
    label(store, "model", first, second)
    label(store, "person", second)
    members = pa.table({"order_key": [first, second], "issue_id": ["I1", "I1"]})
    with store.issue_tables() as tables:
        tables["issue_members"] = members
    result = store.undo(record.import_id)
    assert (result.labels_removed, result.labels_kept, result.in_issues) == (1, 1, 1)
    left = {(r["order_key"], r["file"]) for r in content(store)["labels"]}
    assert left == {(first, "labels/model.parquet"), (second, "labels/person.parquet")}


def test_an_import_whose_replaced_rows_are_gone_is_refused(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "a.csv", [row("A1")]))
    record = bring_in(store, write(tmp_path / "b.csv", [row("A1", unit="城管局")]))
    store.files.replaced_orders(record.import_id).unlink()
    before = content(store)
    with pytest.raises(StoreError, match="没有全部保留"):
        store.undo(record.import_id)
    assert content(store) == before
    with pytest.raises(UsageError, match="没有编号为 X 的导入"):
        store.undo("X")


def test_verify_reads_what_undo_needs(store: Store, tmp_path: Path) -> None:
    bring_in(store, write(tmp_path / "a.csv", [row("A1")]))
    record = bring_in(store, write(tmp_path / "b.csv", [row("A1", unit="城管局")]))
    assert store.verify() == []
    store.files.replaced_orders(record.import_id).write_bytes(b"PAR1")
    (problem,) = store.verify()
    assert record.import_id in problem


def test_the_command_lists_asks_and_undoes(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", [row("A1"), row("A2", title="积水")])
    assert hotline("import", "a.csv", cwd=tmp_path).code == 0
    listed = hotline("store", "imports", "--format", "json", cwd=tmp_path)
    (line,) = json.loads(listed.out)["rows"]
    assert (line["file"], line["new"], line["undone_at"]) == ("a.csv", 2, None)
    unsure = hotline("store", "undo", line["import_id"], cwd=tmp_path)
    assert unsure.code == 2
    assert "新增 2 件" in unsure.err
    assert "--yes" in unsure.err
    done = hotline("store", "undo", line["import_id"], "--yes", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "2 件工单退出" in done.err
    answer = json.loads(hotline("store", "imports", "--format", "json", cwd=tmp_path).out)
    assert answer["rows"][0]["undone_at"] is not None
    assert answer["totals"]["new"] == 0
    again = hotline("store", "undo", line["import_id"], cwd=tmp_path)
    assert again.code == 2
    assert "撤销" in again.err
    wrong = hotline("store", "undo", "nothing", "--yes", cwd=tmp_path)
    assert wrong.code == 2
    assert "没有编号为 nothing 的导入" in wrong.err


ROWS = st.tuples(
    st.sampled_from(["", "A1", "A2", "A3", "A4", "2.02504E+12"]),
    st.sampled_from(["2025-05-31", "2025-06-01", "2025-06-02"]),
    st.sampled_from(["路灯所", "城管局"]),
    st.sampled_from(["路灯不亮", "积水"]),
).map(lambda cells: row(*cells))
EXPORTS = st.lists(
    st.tuples(st.lists(ROWS, min_size=1, max_size=6), st.integers(0, 2), st.sampled_from("ab")),
    min_size=1,
    max_size=4,
)


@settings(max_examples=8, deadline=None)
@given(exports=EXPORTS)
def test_undone_newest_first_every_state_returns(
    exports: list[tuple[list[Row], int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("undo")
    store = Store.open(folder / "store", create=True)
    states, records = [content(store)], []
    for rows, broken, name in exports:
        records.append(bring_in(store, write(folder / f"{name}.csv", rows, broken=broken)))
        states.append(content(store))
    assert store.verify() == []
    for record in reversed(records):
        assert content(store) == states.pop()
        store.undo(record.import_id)
    assert content(store) == states.pop()
    assert store.verify() == []
