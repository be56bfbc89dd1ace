"""The commands that are killed, each as a function of a store that may run again after it was cut short."""

from datetime import date
from pathlib import Path

from dying import contents
from hotline_tools.errors import StoreError
from hotline_tools.jobs.issue_review import join
from hotline_tools.jobs.issue_tables import load_issues
from hotline_tools.jobs.repeats import find_repeats
from hotline_tools.jobs.run import RunOptions, read_job, run_job
from hotline_tools.library import classify, import_files
from hotline_tools.store import Store

HEADER = "工单编号,受理时间,诉求标题,诉求内容,诉求地点,诉求类型,来电人电话\n"
LIFT = "电梯坏了半个月没人修，老人上下楼困难，物业一直推脱"
NOISE = "楼下烧烤店夜里油烟和噪声很大，营业到凌晨两点"
ORDERS = [
    f"A{n},2025-0{1 + n // 4}-{n + 10} 09:00:00,{place}{text[:5]},{place}{text},{place},投诉,1381111000{n}"
    for n, (place, text) in enumerate(
        [("碧水嘉园", LIFT), ("碧水嘉园", LIFT), ("翠湖花园", NOISE), ("翠湖花园", NOISE)] * 2
    )
]
THIRD = [f"{line}9" for line in ORDERS[6:]] + ["B1,2025-07-01 09:00:00,路灯不亮,路灯不亮,,求助,13811110009"]
JOB = """
period = "last-month"
[inputs]
files = ["导出/*.csv"]
[classify]
[output]
keep = 1
[[report]]
name = "categories"
output = "类别.csv"
"""
DAYS = (date(2025, 2, 3), date(2025, 3, 3))
"""The days on which the job runs: the second removes the results of the first."""


def make_base(folder: Path) -> Path:
    """Make a store of two imports, the first with labels and issues."""
    for name, rows in (("一.csv", ORDERS[:5]), ("二.csv", ORDERS[4:])):
        (folder / name).write_text(HEADER + "\n".join(rows), encoding="utf-8")
    store = folder / "store"
    import_files(Store.open(store, create=True), [folder / "一.csv"])
    classify_store(store)
    repeats(store)
    import_files(Store.open(store), [folder / "二.csv"])
    return store


def import_second(store: Path) -> None:
    """Import an export with updates and a new order, unless it is in the store already."""
    opened = Store.open(store)
    text = HEADER + "\n".join(THIRD)
    path = store.parent / "三.csv"
    path.write_text(text, encoding="utf-8")
    if all(record.file != path.name or record.undone_at for record in opened.records()):
        import_files(opened, [path])


def repeats(store: Path) -> None:
    """Find the issues."""
    find_repeats(Store.open(store), workers=1)


def classify_store(store: Path) -> None:
    """Label the orders that have no label."""
    classify(Store.open(store))


def join_issues(store: Path) -> None:
    """Join all issues into the first, unless that is done already."""
    opened = Store.open(store)
    names = load_issues(opened)["issue_id"].to_pylist()
    if len(names) > 1:
        join(opened, names)


def undo(store: Path) -> None:
    """Take the last import back, unless that is done already."""
    opened = Store.open(store)
    if opened.records()[-1].undone_at is None:
        opened.undo(opened.records()[-1].import_id)


def backup(store: Path) -> None:
    """Back the store up, unless that is done already."""
    target = store.parent / "backup"
    if not target.exists():
        Store.open(store).back_up(target)
    assert Store.open(target).verify() == []


def run(store: Path) -> None:
    """Carry a job out on two days: an import, labels, a report, and the end of the older results.

    ``repeats`` takes most of a run's time and is killed by itself; benchmarks/run_kills.py has it in a run.
    """
    exports = store.parent / "导出"
    exports.mkdir(exist_ok=True)
    (exports / "三.csv").write_text(HEADER + "\n".join(THIRD), encoding="utf-8")
    job = store.parent / "月.toml"
    job.write_text(JOB, encoding="utf-8")
    for day in DAYS:
        result = run_job(read_job(job), RunOptions(store=store), today=day)
        if result.failures:
            raise StoreError(result.failures[0])


def results(store: Path) -> dict[str, object]:
    """Return what ``backup`` and ``run`` leave beside the store."""
    copy = store.parent / "backup"
    found: dict[str, object] = {"backup": contents(Store.open(copy))} if copy.exists() else {}
    files = (path for path in (store.parent / "输出").rglob("*") if path.is_file())
    return found | {
        path.relative_to(store.parent).as_posix(): path.read_bytes()
        for path in files
        if not path.name.startswith(".")  # the note of a folder has the times of the store's files
    }
