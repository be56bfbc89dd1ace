"""Kills `hotline run` at random moments, lets it go on, and compares with a run that nobody disturbed.

Usage: python benchmarks/run_kills.py [KILLS] [SEED]. In each round one job is killed again and again until it
comes to its end. Compared: every order with its label and issue, and every output, by content.
"""

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

import hotline_tools as ht
from hotline_tools.jobs.run import RunOptions, read_job, run_job

TODAY = date(2025, 7, 3)
JOB = """
period = "last-month"
[inputs]
files = ["导出/*.csv"]
[classify]
[repeats]
[[report]]
name = "categories"
output = "类别.csv"
[[report]]
name = "pareto"
by = "department"
output = "单位.json"
[[report]]
name = "repeats"
output = "重复.csv"
"""
THINGS = ("电梯坏了没人修", "路灯不亮", "夜间施工噪声扰民", "垃圾没人清运")
ROWS = """
SELECT o.order_id, o.title, o.content, o.received_at, l.category, l.subcategory, m.issue_id
FROM read_parquet($orders) o LEFT JOIN read_parquet($labels) l USING (order_key)
LEFT JOIN read_parquet($members) m USING (order_key) ORDER BY ALL
"""


def desk_in(folder: Path) -> Path:
    (folder / "导出").mkdir(parents=True)
    (folder / "月.toml").write_text(JOB, "utf-8")
    for month in (4, 5, 6):
        rows = [
            f"M{month}-{i},2025-{month:02d}-{i % 27 + 1:02d} 10:00,{THINGS[i % 4]},"
            f"东风路{i % 9}号小区{THINGS[i % 4]}，请处理,城管局{i % 3},东街"
            for i in range(108)
        ]
        header = "工单编号,受理时间,诉求标题,诉求内容,主办单位,所属街道"
        (folder / "导出" / f"{month}月.csv").write_text("\n".join([header, *rows]), "utf-8")
    return folder


def carry_out(desk: Path) -> int:
    return int(run_job(read_job(desk / "月.toml"), RunOptions(), today=TODAY).exit_code)


def killed(desk: Path, seconds: float) -> bool:
    """Carry out the job in a process that is killed after so many seconds; tell whether it was."""
    child = os.fork()  # from a process that has loaded everything and started no thread
    if child == 0:
        code = 1
        try:
            code = carry_out(desk)
        finally:
            os._exit(code)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert os.waitstatus_to_exitcode(status) in (0, 3), f"the run failed in {desk}"
            return False
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def end_of(desk: Path) -> tuple[object, ...]:
    store = desk / "hotline-store"
    assert ht.Store.open(store).verify() == [], f"{store} is not whole"
    places = {
        "orders": f"{store}/orders/*/*.parquet", "labels": f"{store}/labels/model.parquet",
        "members": f"{store}/issues/issue_members.parquet",
    }  # fmt: skip
    rows = duckdb.execute(ROWS, places).fetchall()
    outputs = {
        path.name: path.read_bytes() for path in sorted((desk / "输出").rglob("*.*")) if path.name[0] != "."
    }
    return rows, outputs, len(ht.Store.open(store).records())


def main() -> int:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    work = Path(tempfile.mkdtemp(prefix="hotline-kills-"))
    # In children alike: this process starts no thread before it forks.
    whole = desk_in(work / "whole")
    started = time.monotonic()
    assert not killed(whole, 600.0)
    length = time.monotonic() - started
    kills = rounds = 0
    desks: list[Path] = []
    while kills < wanted:
        rounds += 1
        desk = desk_in(work / str(rounds))
        desks.append(desk)
        while killed(desk, chance.uniform(0, length * chance.choice((0.1, 0.5, 1.0)))):
            kills += 1
    expected = end_of(whole)
    wrong = [desk for desk in desks if end_of(desk) != expected]
    print(
        f"{kills} kills in {rounds} rounds, a whole run takes {length:.1f} s: {len(wrong)} ended otherwise"
        f"{': ' + ', '.join(map(str, wrong)) if wrong else ''}"
    )
    if not wrong:
        shutil.rmtree(work)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
