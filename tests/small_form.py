"""The small form of the suite: what an office does with the program, on whatever system runs this.

Usage: python tests/small_form.py FOLDER [STEP…]. Prints a line a step; ends with 0 when all went well.
"""

import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

HEADER = "工单编号,受理时间,办结时间,诉求标题,诉求内容,主办单位,所属街道\n"
TEXTS = ("电梯坏了没人修", "路灯不亮", "夜间施工噪声扰民", "垃圾没人清运")
JOB = """
period = "2025-06"
[inputs]
files = ["导出/*.csv"]
[classify]
[repeats]
[output]
keep = 2
[[report]]
name = "categories"
output = "类别-{label}.csv"
[[brief]]
output = "{label}月报.docx"
"""


def export(path: Path, month: int, closed: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        f"M{month}-{i},2025-{month:02d}-{i % 27 + 1:02d} 10:00,{closed},{TEXTS[i % 4]},"
        f"东风路{i % 5}号小区{TEXTS[i % 4]}，请处理,城管局,东街\n"
        for i in range(54)
    ]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")


def hotline(*words: str | Path, code: int | tuple[int, ...] = 0, out: Path | None = None) -> str:
    """Run a command as a process of its own; return what it wrote to stderr."""
    command = [sys.executable, "-m", "hotline_tools", *map(str, words)]
    with out.open("wb") if out else open(os.devnull, "wb") as sink:  # noqa: PTH123
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.PIPE, check=False
        )
    said = (
        done.stderr.decode("utf-8", "replace")
        if os.name != "nt"
        else done.stderr.decode("gb18030", "replace")
    )
    codes = code if isinstance(code, tuple) else (code,)
    assert done.returncode in codes, f"hotline {words}: {done.returncode}\n{said}"
    return said


def orders_by_month(store: Path) -> dict[str, int]:
    import hotline_tools as ht

    return ht.Store.open(store).info().months


def first_import(desk: Path) -> None:
    export(desk / "导出" / "甲" / "5月.csv", 5)
    export(desk / "导出" / "6月.csv", 6)
    hotline("import", desk / "导出" / "6月.csv")
    assert orders_by_month(desk / "hotline-store") == {"2025-06": 54}


def second_import(desk: Path) -> None:
    export(desk / "导出" / "6月.csv", 6, closed="2025-06-30 17:00")
    hotline("import", desk / "导出")
    assert orders_by_month(desk / "hotline-store") == {"2025-05": 54, "2025-06": 54}
    import hotline_tools as ht

    store = ht.Store.open(desk / "hotline-store")
    assert sorted(record.file for record in store.records()) == ["6月.csv", "6月.csv", "甲/5月.csv"]
    assert max(record.counts.updated for record in store.records()) == 54
    hotline("store", "verify")


def patterns(desk: Path) -> None:
    hotline("import", str(desk / "导出" / "*.csv"), "--dry-run")


def archive(desk: Path) -> None:
    export(desk / "4月.csv", 4)
    name = "誠.csv".encode("gbk")  # the second byte of 誠 is 0x5C, a backslash
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as packed:
        packed.writestr("x" * len(name), (desk / "4月.csv").read_bytes())
    (desk / "四月.zip").write_bytes(sink.getvalue().replace(b"x" * len(name), name))
    hotline("import", desk / "四月.zip")
    import hotline_tools as ht

    assert ht.Store.open(desk / "hotline-store").records()[-1].file == "四月.zip!誠.csv"


def large_workbook(desk: Path) -> None:
    """A workbook of over 4 MB is read by a process of its own; one that is cut off is refused in one line."""
    from xlsxwriter import Workbook

    path = desk / "3月.xlsx"
    export(desk / "3月.csv", 3)
    with Workbook(path) as book:
        sheet = book.add_worksheet("工单")
        for number, line in enumerate((desk / "3月.csv").read_text("utf-8").splitlines()):
            sheet.write_row(number, 0, line.split(","))
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/media/image1.png", os.urandom(5 << 20))
    hotline("import", path)
    assert orders_by_month(desk / "hotline-store")["2025-03"] == 54
    (desk / "坏.xlsx").write_bytes(path.read_bytes()[:4_500_000])
    said = hotline("import", desk / "坏.xlsx", code=1)
    assert "坏.xlsx" in said and "内部错误" not in said, said


def two_workers(desk: Path) -> None:
    hotline("classify", "--all", "--workers", "2")
    hotline("repeats", "--workers", "2", "-o", desk / "事项.xlsx")
    assert (desk / "事项.xlsx").read_bytes().startswith(b"PK")


def reports(desk: Path) -> None:
    hotline("report", "categories", "--period", "2025-06", "--format", "csv", out=desk / "out.csv")
    assert (desk / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    hotline("report", "departments", "-o", desk / "考核.xlsx", code=(0, 3))
    hotline("chart", "categories", "-o", desk / "类别.png")
    hotline("brief", "--period", "2025-06", "-o", desk / "月报.docx", code=(0, 3))


def beside_readers(desk: Path) -> None:
    """Imports while others read the store all the time: every import is done, every answer is whole.

    A reader may be told that the store is being written, when a query takes as long as several imports.
    """
    import hotline_tools as ht

    store = ht.Store.open(desk / "hotline-store")
    stop = threading.Event()
    problems: list[BaseException] = []
    answers: list[object] = []

    def read() -> None:
        while not stop.is_set():
            try:
                table = ht.sql(
                    store, "SELECT count(*) AS n, count(DISTINCT order_key) AS k FROM stored_orders"
                )
                assert table.rows[0]["n"] == table.rows[0]["k"]
                answers.append(table.rows[0]["n"])
            except ht.StoreError as told:
                if "正在被写入" not in str(told):
                    problems.append(told)
            except BaseException as problem:
                problems.append(problem)
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(6):
        export(desk / "再来.csv", 6, closed=f"2025-06-30 17:{number:02d}")
        ht.import_files(store, desk / "再来.csv")
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == [], problems
    assert answers, "no reader got an answer"


def in_use(desk: Path) -> None:
    """An output that somebody has open is told as that, and stays as it was."""
    if os.name != "nt":
        return
    with (desk / "考核.xlsx").open("rb"):
        said = hotline("report", "categories", "-o", desk / "考核.xlsx", code=1)
    assert "请在 Excel 或 WPS 里关闭" in said, said


def configuration(desk: Path) -> None:
    for encoding in ("utf-8-sig", "gb18030"):
        (desk / "hotline.toml").write_bytes('issuer = "市热线办"\r\n'.encode(encoding))
        hotline("config", "show", "--format", "json", out=desk / "config.json")
        assert "市热线办" in (desk / "config.json").read_text("utf-8")
    (desk / "hotline.toml").unlink()


def run(desk: Path) -> None:
    (desk / "月.toml").write_bytes(JOB.encode("gb18030"))
    hotline("run", desk / "月.toml", code=(0, 3))
    assert (desk / "输出" / "2025-06" / "2025年6月月报.docx").read_bytes().startswith(b"PK")
    hotline("run", desk / "月.toml", code=(0, 3))
    hotline("run", desk / "月.toml", "--print-task", "-o", desk / "任务.xml")


def demo(desk: Path) -> None:
    hotline("demo", desk / "演示", "--orders", "300")
    assert (desk / "演示" / "类别占比.png").read_bytes().startswith(b"\x89PNG")


STEPS: tuple[Callable[[Path], None], ...] = (
    first_import, second_import, patterns, archive, large_workbook, two_workers, reports, beside_readers,
    in_use, configuration, run, demo,
)  # fmt: skip


def main() -> int:
    """Do every step, also after one that failed; return the exit code."""
    desk = Path(sys.argv[1]).absolute() / "热线 数据"
    desk.mkdir(parents=True)
    os.chdir(desk)
    failed = 0
    wanted = sys.argv[2:]
    for step in STEPS:
        if wanted and step.__name__ not in wanted:
            continue
        started = time.monotonic()
        try:
            step(desk)
            what = "ok"
        except Exception as error:
            failed += 1
            what = f"FAILED: {type(error).__name__}: {error}"
        line = f"{step.__name__:<15}{time.monotonic() - started:6.1f} s  {what}\n"
        sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
