"""The clock of the machine is set back: nothing is lost, doubled or hidden, and imports keep their order."""

import os
import shutil
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dying import contents
from fault_cases import (
    HEADER,
    ORDERS,
    THIRD,
    backup,
    classify_store,
    import_second,
    join_issues,
    make_base,
    repeats,
    results,
    run,
    undo,
)
from hotline_tools.errors import StoreError
from hotline_tools.jobs.issue_tables import load_history
from hotline_tools.library import import_files
from hotline_tools.store import Store
from hotline_tools.store.ids import new_id

DAY = timedelta(days=1)
SET_BACK = {"by a day": DAY, "by years": 12 * 366 * DAY}


@contextmanager
def clock_back(by: timedelta) -> Iterator[None]:
    """Let every module of the program read a clock that is ``by`` behind."""

    class Today(type):
        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, cls.__mro__[1])

    class LateTime(datetime, metaclass=Today):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime.now(tz) - by  # type: ignore[arg-type]

    class LateDay(date, metaclass=Today):
        @classmethod
        def today(cls) -> date:
            return (datetime.now() - by).date()

    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("hotline_tools"):
                for late, real in ((LateTime, datetime), (LateDay, date)):
                    if getattr(module, real.__name__, None) is real:
                        patch.setattr(module, real.__name__, late)
        yield


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two imports with labels and issues."""
    return make_base(tmp_path_factory.mktemp("base"))


def import_and_classify(store: Path) -> None:
    import_second(store)
    classify_store(store)


def import_and_undo(store: Path) -> None:
    import_second(store)
    undo(store)


def import_repeats_and_join(store: Path) -> None:
    import_second(store)
    repeats(store)
    join_issues(store)


@pytest.mark.parametrize("by", SET_BACK.values(), ids=SET_BACK)
@pytest.mark.parametrize(
    "work",
    [
        import_second,
        import_and_classify,
        import_and_undo,
        import_repeats_and_join,
        undo,
        repeats,
        run,
        backup,
    ],
)
def test_work_after_the_clock_was_set_back(
    work: Callable[[Path], None], by: timedelta, base: Path, tmp_path: Path
) -> None:
    """Done twice, it leaves in the store and beside it what it leaves under a clock that goes on."""
    stores = [tmp_path / name / "store" for name in ("going on", "set back")]
    for store in stores:
        shutil.copytree(base, store)
    for store, behind in zip(stores, (timedelta(), by), strict=True):
        with clock_back(behind):
            work(store)
            work(store)
    ended = [contents(Store.open(store)) | results(store) for store in stores]
    assert ended[1] == ended[0]
    assert Store.open(stores[1]).verify() == []


@pytest.mark.parametrize("by", SET_BACK.values(), ids=SET_BACK)
def test_imports_keep_their_order(by: timedelta, base: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(base, store)
    with clock_back(by):
        import_second(store)
        repeats(store)
        join_issues(store)
    opened = Store.open(store)
    records = opened.records()
    assert [record.file for record in records] == ["一.csv", "二.csv", "三.csv"]
    assert records[2].finished_at < records[1].finished_at  # the time itself is told as the clock has it
    assert opened.later_imports("labels") == [record.import_id for record in records[1:]]
    assert opened.later_imports("issues") == []
    with pytest.raises(StoreError, match="之后的导入又改动了同一些工单") as told:
        opened.undo(records[1].import_id)
    assert "三.csv" in str(told.value)
    for record in reversed(records[1:]):
        opened.undo(record.import_id)
    assert opened.info().orders == 5
    changes = load_history(opened).to_pylist()
    assert changes[-1]["changed_at"] < changes[0]["changed_at"]  # in the order in which they were made


def test_an_id_is_chosen_when_its_import_begins(base: Path, tmp_path: Path) -> None:
    """One that waited for another import comes after it: it was named before it waited."""
    store = tmp_path / "store"
    shutil.copytree(base, store)
    opened = Store.open(store)
    chosen: list[str] = []

    def second() -> None:
        with opened.import_session(source="二") as session:
            chosen.append(session.import_id)

    waiting = threading.Thread(target=second)
    with opened.import_session(source="一"):
        waiting.start()
        time.sleep(0.3)
        end_of_first = new_id()
    waiting.join()
    assert chosen[0] > end_of_first


def test_ids_go_on_from_the_last() -> None:
    future = "20990228T235959999999-abcd"
    following = new_id(["20200101T000000000000-ffff", "another form", future])
    assert following.startswith("20990301T000000000000-")
    assert new_id([following]) > following
    assert new_id(["another form"])[:8] == f"{datetime.now():%Y%m%d}"


def test_rejects_go_by_the_day_on_which_they_came_in(base: Path, tmp_path: Path) -> None:
    """After an import under a clock that was ahead, an id tells the day of that."""
    store = tmp_path / "store"
    path = tmp_path / "四.csv"
    with clock_back(-20 * 366 * DAY):
        path.write_text(HEADER + ORDERS[0], encoding="utf-8")
        import_files(Store.open(store, create=True), path)
    path.write_text(HEADER + THIRD[0] + "\n" + 9 * ",多", encoding="utf-8")
    import_files(Store.open(store), path)
    opened = Store.open(store)
    assert opened.info().rejects == 1
    today = date.today()
    assert opened.forget(before=today).rejects == 0
    assert opened.forget(before=today + DAY).rejects == 1


def test_a_backup_of_files_from_1970(base: Path, tmp_path: Path) -> None:
    """A zip has no times before 1980; a board without a clock starts in 1970."""
    store = tmp_path / "store"
    shutil.copytree(base, store)
    for file in store.rglob("*"):
        os.utime(file, (3600, 3600))
    Store.open(store).back_up(tmp_path / "copy.zip")
    assert zipfile.ZipFile(tmp_path / "copy.zip").testzip() is None
    restored = Store.restore(tmp_path / "copy.zip", tmp_path / "restored")
    assert contents(restored) == contents(Store.open(store))


def test_two_quarantines_of_one_moment(base: Path, tmp_path: Path) -> None:
    """What was set aside first is not overwritten."""
    store = tmp_path / "store"
    shutil.copytree(base, store)
    label = store / "labels" / "model.parquet"
    told = datetime.now()

    class Standing(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return told

    with pytest.MonkeyPatch.context() as patch:
        for name, module in list(sys.modules.items()):
            if name.startswith("hotline_tools.store") and getattr(module, "datetime", None) is datetime:
                patch.setattr(module, "datetime", Standing)
        for damage in (b"first", b"second"):
            label.write_bytes(damage)
            Store.open(store).quarantine()
            if damage == b"first":
                classify_store(store)
    kept = {file.read_bytes() for file in store.glob("quarantine/*/labels/model.parquet")}
    assert kept == {b"first", b"second"}
