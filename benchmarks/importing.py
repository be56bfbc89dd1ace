"""Import against a bare read of the same file, in the same run.

    python benchmarks/importing.py csv [ROWS]      # 1,000,000 rows of GB18030, 1.4 KB each
    python benchmarks/importing.py xlsx [ROWS]     # 100,000 rows
    python benchmarks/importing.py FILE.csv        # any CSV in GB18030

Bare: ``pyarrow.csv`` read and Parquet write of the CSV; a calamine read of all cells of the workbook. Each
runs three times, by turns, in a process of its own; printed are the best wall time, its processor time, the
peak memory (of the process and of its reader together) and the ratios.
"""

import contextlib
import gc
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

COLUMNS = (
    "工单编号,来电时间,诉求类型,诉求来源,诉求标题,诉求内容,诉求地点,所属区县,所属镇街,所属社区,一级分类,二级分类,"
    "紧急程度,派单时间,签收时间,办理时限,主办单位,办结时间,办理结果,是否解决,满意度,工单状态"
)
HEADER = COLUMNS.split(",")
SENTENCES = (
    "市民来电反映小区楼道垃圾多日无人清理，电梯经常故障，多次向物业反映未果，希望相关部门尽快处理并回复。",
    "夜间十一点后仍有工地施工，噪音很大，老人和孩子无法休息，请有关部门到现场查看。",
    "道路中间有一个约2米宽的坑，下雨天积水看不清楚，已有3辆电动车摔倒，请尽快修补。",
    "小区3号楼1单元从6月1日起停水，物业称管道维修，至今没有恢复，也没有通知。",
    "诉求人称公司拖欠5名工人两个月工资共计32000元，多次催要没有结果，请劳动部门介入协助。",
    "路灯从上周起全部不亮，附近居民晚上出行不便，曾致电热线反映，回复说会安排人员。",
    "接诉后我单位立即派工作人员到现场核实，情况属实，已责令责任单位在七个工作日内整改，并向诉求人说明。",
    "经与诉求人电话联系，已告知相关政策及办理流程，诉求人表示理解和认可，感谢您对我们工作的支持。",
)
PHONE = "联系电话13912345678，请回电。"
"""In one order of ten, as in the mayor's letters of the development data (355 of 3,773)."""
RUNS = 3


def rows(count: int) -> Iterator[list[str]]:
    """Orders of three years, in order of time; about 1.4 KB each in GB18030."""
    rng = random.Random(12345)
    step = 3 * 365 * 86400 / count
    for i in range(count):
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1672531200 + i * step))
        done = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1672531200 + i * step + rng.randrange(900_000)))
        content = "".join(rng.choices(SENTENCES, k=8)) + ("\n请回复。" if i % 5 == 0 else "")
        content += PHONE if i % 10 == 0 else ""
        reply = "".join(rng.choices(SENTENCES, k=7))
        yield [
            f"GD{i:012d}", at, rng.choice(("投诉", "求助", "咨询")), rng.choice(("电话", "网站", "微信")),
            f"关于{rng.randrange(10**6)}号楼的问题", content, f"人民路{rng.randrange(900)}号", "甲区",
            f"街道{i % 12}", f"社区{i % 90}", "城乡建设", "物业管理", "一般", at, at, done, f"单位{i % 40}",
            done, reply, "是", rng.choice(("满意", "不满意", "")), "已办结",
        ]  # fmt: skip


def make_csv(path: Path, count: int) -> None:
    import csv

    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count))


def make_xlsx(path: Path, count: int) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(rows(count), start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)


def bare_csv(path: Path, folder: Path) -> int:
    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    options = pc.ReadOptions(encoding="gb18030")
    parse = pc.ParseOptions(newlines_in_values=True)
    total = 0
    with (
        pc.open_csv(path, read_options=options, parse_options=parse) as reader,
        pq.ParquetWriter(folder / "bare.parquet", reader.schema, compression="zstd") as writer,
    ):
        for batch in reader:
            writer.write_batch(batch)
            total += batch.num_rows
    return total


def bare_xlsx(path: Path, _: Path) -> int:
    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) - 1


def ours(path: Path, folder: Path) -> int:
    from hotline_tools.jobs.importing import import_tables
    from hotline_tools.jobs.opening import OpenOptions, matched_tables
    from hotline_tools.store import Store

    store = Store.open(folder / "store", create=True)
    return import_tables(matched_tables([path], OpenOptions()), store).totals()["read"]


def run(what: str, path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        start = time.perf_counter()
        if what == "bare":
            total = (bare_xlsx if path.suffix == ".xlsx" else bare_csv)(path, Path(folder))
        else:
            total = ours(path, Path(folder))
        seconds = time.perf_counter() - start
    gc.collect()  # a large workbook is read by a process that ends with its tables
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in used)
    print(total, seconds, cpu)


def peak_of(process: "subprocess.Popen[str]") -> float:
    """Wait for a process; return the most MiB that it and its children held, looked at every 20 ms.

    ``ru_maxrss`` would count in a child what its parent held when it was started.
    """
    most = 0.0
    while process.poll() is None:
        most = max(most, sum(map(resident, family(process.pid))))
        time.sleep(0.02)
    return most


def family(pid: int) -> list[int]:
    """Return a process and what it has started; empty once it has ended."""
    with contextlib.suppress(OSError):
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        return [pid, *(one for child in children for one in family(child))]
    return []


def resident(pid: int) -> float:
    """Return the MiB that a process holds."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def compare(path: Path) -> None:
    found: dict[str, list[tuple[float, ...]]] = {"bare": [], "ours": []}
    for turn in range(RUNS * 2):
        what = ("bare", "ours")[turn % 2]
        command = [sys.executable, __file__, "--run", what, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            peak = peak_of(process)
            said, complained = process.communicate()
        if process.returncode:
            raise RuntimeError(complained)
        found[what].append((*map(float, said.split()), peak))
    best = {what: min(times, key=lambda t: t[1]) for what, times in found.items()}
    for what, (total, wall, cpu, _) in best.items():
        peak = max(times[3] for times in found[what])
        speed = f"{total:9.0f} rows  {wall:7.2f} s  {total / wall:8.0f} rows/s"
        print(f"{what:5} {speed}  cpu {cpu:7.2f} s  {peak:5.0f} MB")
    print(f"ratio wall {best['ours'][1] / best['bare'][1]:.2f}  cpu {best['ours'][2] / best['bare'][2]:.2f}")


def main(what: str, count: str = "") -> None:
    if what not in ("csv", "xlsx"):
        compare(Path(what))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"orders.{what}"
        (make_csv if what == "csv" else make_xlsx)(
            path, int(count or (1_000_000 if what == "csv" else 100_000))
        )
        print(f"{path.name}: {path.stat().st_size / 1e6:.0f} MB")
        compare(path)


if __name__ == "__main__":
    if sys.argv[1] == "--run":
        run(sys.argv[2], Path(sys.argv[3]))
    else:
        main(*sys.argv[1:])
