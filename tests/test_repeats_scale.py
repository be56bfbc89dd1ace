"""Finding repeat issues in parts: by chunks, in processes, through files; the result is the same."""

import os
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_tools.errors import StoreError
from hotline_tools.repeats.blocking import candidate_pairs
from hotline_tools.repeats.clustering.cross_references import follow_cross_references
from hotline_tools.repeats.encode.batch import Batch, make_batch
from hotline_tools.repeats.encode.chunks import _packed, extracted_terms
from hotline_tools.repeats.encode.idf import document_frequency
from hotline_tools.repeats.encode.order_metadata import OrderMetadata
from hotline_tools.repeats.encode.ragged import RaggedRows, coded, distinct, rows_of
from hotline_tools.repeats.encode.spilled_tables import SpilledTables, let_go
from hotline_tools.repeats.find import COLUMNS, Groups, find_groups
from hotline_tools.sample import generate_year

_OF_SAMPLE = {
    "order_id": "工单编号", "title": "诉求标题", "content": "诉求内容", "address": "诉求地点",
    "district": "所属区县", "street": "所属镇街", "community": "所属社区", "request_type": "诉求类型",
    "caller_key": "来电人电话", "received_at": "受理时间",
}  # fmt: skip


@pytest.fixture(scope="module")
def year() -> pa.Table:
    """A generated year, small enough for a test, with issues in it."""
    orders = generate_year(orders=1_500).orders
    columns = {
        name: orders[_OF_SAMPLE[name]] if name in _OF_SAMPLE else pa.nulls(orders.num_rows, pa.string())
        for name in COLUMNS
    }
    columns["received_at"] = columns["received_at"].cast(pa.timestamp("us"))
    return pa.table(columns)


@pytest.fixture(scope="module")
def whole(year: pa.Table) -> Groups:
    return find_groups(year, workers=1)


@pytest.fixture(scope="module")
def batch(year: pa.Table) -> Batch:
    with extracted_terms(year, 1) as found:
        return make_batch(found, OrderMetadata.of(year), np.arange(year.num_rows))


@pytest.mark.parametrize(
    ("workers", "chunk", "why"),
    [
        (1, 137, "many small chunks that do not divide the orders evenly"),
        (2, 400, "two processes"),
    ],
)
def test_groups_do_not_depend_on_how_the_work_is_divided(
    year: pa.Table, whole: Groups, tmp_path: Path, *, workers: int, chunk: int, why: str
) -> None:
    parts = find_groups(year, workers=workers, chunk=chunk, folder=tmp_path)
    assert len(set(whole.group.tolist())) < year.num_rows - 50, "there are issues to find"
    assert parts.group.tolist() == whole.group.tolist(), why
    assert parts.pairs == whole.pairs, why
    assert list(tmp_path.iterdir()) == []


def test_candidates_do_not_depend_on_how_orders_are_divided(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans: list[int] = []

    def run(function, tasks):  # type: ignore[no-untyped-def]
        spans.append(len(tasks))
        return [function(task) for task in tasks]

    whole = candidate_pairs.candidate_pairs(batch, run)
    assert set(spans) == {1}
    monkeypatch.setattr(candidate_pairs, "_MOST_PRODUCTS", 300)
    assert candidate_pairs.candidate_pairs(batch, run).tolist() == whole.tolist()
    assert max(spans) > 20


def test_a_piece_for_another_process_takes_only_its_own_texts_along() -> None:
    table = pa.table({"title": ["碧水嘉园电梯坏了"] * 20_000})
    chunk = table.slice(7_000, 10)
    packed = _packed(chunk)
    assert packed.size < 2_000
    assert pa.ipc.open_stream(packed).read_all().equals(chunk)


TABLES = st.lists(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 200)), max_size=12), min_size=1, max_size=5
)


def _rows(pairs: list[tuple[int, int]]) -> RaggedRows:
    flat = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    codes, count = distinct(coded(flat[:, 0], flat[:, 1], 8))
    return rows_of(codes, 5, 8, count=count.astype(np.uint8))


@pytest.mark.parametrize(
    ("referenced", "wanted", "why"),
    [
        ([-1, -1, -1, 1, 3, -1], [0, 0, 2, 0, 0, 5], "a chain of quotes ends in the group it leads to"),
        ([-1, 5, -1, -1, -1, -1], [0, 0, 2, 3, 4, 5], "an order of a group follows no quote"),
        ([-1, -1, 4, 4, -1, -1], [0, 0, 2, 2, 2, 5], "two orders that quote a third"),
        ([-1, -1, 5, -1, -1, -1], [0, 0, 2, 3, 4, 5], "an order that may join no issue is not followed"),
    ],
)
def test_orders_follow_cross_references(referenced: list[int], wanted: list[int], why: str) -> None:
    eligible = np.array([True, True, True, True, True, False])
    found = follow_cross_references(np.array([0, 0, 2, 3, 4, 5]), np.array(referenced), eligible)
    assert found.tolist() == wanted, why


@settings(max_examples=40)
@given(TABLES)
def test_spilled_tables_read_back_what_was_appended(tables: list[list[tuple[int, int]]]) -> None:
    chunks = [_rows(pairs) for pairs in tables]
    with SpilledTables() as spilled:
        for chunk in chunks:
            spilled.append({"words": chunk})
        for number, chunk in enumerate(chunks):
            part = spilled.part("words", 5 * number, 5 * number + 5)
            assert part.indptr.tolist() == chunk.indptr.tolist()
            assert part.ids.tolist() == chunk.ids.tolist()
        whole = spilled.whole()["words"]
    assert whole.ids.tolist() == [i for chunk in chunks for i in chunk.ids.tolist()]
    assert whole.columns["count"].tolist() == [c for chunk in chunks for c in chunk.columns["count"].tolist()]
    assert whole.part(3, 5).ids.tolist() == chunks[0].part(3, 5).ids.tolist()
    wanted = np.bincount(whole.ids, minlength=256)
    assert document_frequency((chunk.ids for chunk in chunks), 8).tolist() == wanted.tolist()


def _mapped() -> int:
    """MB of files that are in the memory of this process."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("RssFile:")[1].split()[0]) >> 10


@pytest.mark.skipif(sys.platform != "linux", reason="others do not tell it, or have no such call")
def test_what_was_read_of_tables_is_let_go() -> None:
    ids = np.arange(1 << 23, dtype=np.int32)
    with SpilledTables() as spilled:
        spilled.append({"words": RaggedRows(np.array([0, 5, len(ids)]), ids, {})})
        whole = spilled.whole()["words"]
    before = _mapped()
    assert int(whole.ids.sum(dtype=np.int64)) == int(ids.sum(dtype=np.int64))
    read = _mapped() - before
    assert read >= 30, "32 MB"
    let_go([whole, whole.part(1, 2)])
    assert _mapped() - before < 2
    assert whole.ids.tolist()[-3:] == ids.tolist()[-3:]


@pytest.mark.skipif(os.name == "nt", reason="open files keep their names on Windows")
def test_the_files_have_no_name_so_that_nothing_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), SpilledTables(tmp_path) as spilled:
        spilled.append({"words": _rows([(0, 1), (3, 2)])})
        assert list(tmp_path.iterdir()) == [], "not even while they are written"
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_takes_no_files_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="临时数据写不进去（找不到）") as caught,
        SpilledTables(tmp_path / "none") as spilled,
    ):
        spilled.append({"words": _rows([(0, 1)])})
    assert str(tmp_path / "none") in str(caught.value)
