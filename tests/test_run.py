"""Jobs: what a run does, leaves out, continues after a crash, keeps and removes, and how it says so."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import filelock
import pytest

import hotline_tools as ht
from cli import hotline
from hotline_tools.errors import DataFileError, ExitCode, JobRunningError
from hotline_tools.jobs.run import RunOptions, make_plan, read_job, run_job
from hotline_tools.jobs.run.folders import outdated
from hotline_tools.jobs.run.log import MAX_FILES, RunLog

TODAY = date(2025, 7, 3)
JOB = """
period = "last-month"
[inputs]
files = ["导出/*.csv"]
[classify]
[repeats]
[[report]]
name = "categories"
output = "类别-{label}.csv"
[[report]]
name = "pareto"
output = "全年.json"
period = "2025"
by = "department"
"""


def export(path: Path, month: int, orders: int = 27) -> None:
    lines = ["工单编号,受理时间,诉求标题,诉求内容,主办单位,所属街道"]
    things = ("电梯坏了", "路灯不亮", "噪声扰民", "垃圾没人清")
    for i in range(orders):
        thing = things[i % 4]
        lines.append(
            f"M{month}-{i},2025-{month:02d}-{i % 27 + 1:02d} 10:00,{thing},"
            f"东风路{i % 3}号小区{thing}，请处理,城管局,东街"
        )
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a job and two months of exports."""
    folder = tmp_path / "热线 数据"
    folder.mkdir()
    (folder / "月.toml").write_text(JOB, encoding="utf-8")
    for month in (5, 6):
        export(folder / "导出" / f"{month}月.csv", month)
    return folder


def run(desk: Path, *, today: date = TODAY, **options: object) -> ht.RunResult:
    return run_job(read_job(desk / "月.toml"), RunOptions(**options), today=today)  # type: ignore[arg-type]


def statuses(result: ht.RunResult) -> dict[str, str]:
    return {step.step: step.status for step in result.steps}


def log_lines(desk: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (desk / "月.run" / "log.jsonl").read_text("utf-8").splitlines()]


def test_a_run_does_everything_once(desk: Path) -> None:
    first = run(desk)
    assert statuses(first) == dict.fromkeys(
        ("import", "classify", "repeats", "report categories", "report pareto"), "done"
    )
    assert first["import"].facts["new"] == 54
    assert first.exit_code == ExitCode.DONE
    shown = (desk / "输出" / "2025-06" / "类别-2025年6月.csv").read_text("utf-8-sig")
    assert sum(int(row.split(",")[2]) for row in shown.splitlines()[1:]) == 27  # June alone
    year = json.loads((desk / "输出" / "2025" / "全年.json").read_text("utf-8"))
    assert [(row["item"], row["orders"]) for row in year["rows"]] == [("城管局", 54)]
    again = run(desk)
    assert set(statuses(again).values()) == {"unchanged"}


def test_only_what_is_new_by_content_is_imported(desk: Path) -> None:
    run(desk)
    shutil.copy(desk / "导出" / "6月.csv", desk / "导出" / "六月（副本）.csv")
    export(desk / "导出" / "4月.csv", 4)
    result = run(desk)
    assert result["import"].facts["files"] == ["4月.csv"]
    assert len(ht.Store.open(desk / "hotline-store").records()) == 3
    assert statuses(result)["report categories"] == "done"  # the store has changed: notes may have too


def test_files_imported_by_hand_and_imports_taken_back_are_left_alone(desk: Path) -> None:
    store = ht.Store.open(desk / "hotline-store", create=True)
    ht.import_files(store, desk / "导出" / "5月.csv")
    assert run(desk)["import"].facts["files"] == ["6月.csv"]
    store.undo(next(r.import_id for r in store.records() if r.file == "6月.csv"))
    assert statuses(run(desk))["import"] == "unchanged"
    assert store.info().orders == 27


def test_sheets_and_archives_are_known_by_their_own_content(desk: Path) -> None:
    for month in (5, 6):
        (desk / "导出" / f"{month}月.csv").unlink()
        export(desk / f"{month}月.csv", month)
    shutil.make_archive(str(desk / "导出" / "两月"), "zip", desk, ".")  # holds the job file as well
    with (desk / "月.toml").open("a", encoding="utf-8") as file:
        file.write("")
    text = (desk / "月.toml").read_text("utf-8").replace("*.csv", "*.zip")
    (desk / "月.toml").write_text(text, "utf-8")
    assert run(desk)["import"].facts["new"] == 54
    assert statuses(run(desk))["import"] == "unchanged"
    (desk / "月.run" / "state.json").unlink()  # the import records know by themselves
    assert statuses(run(desk))["import"] == "unchanged"


def test_a_file_that_cannot_be_read_is_a_failure_and_the_others_are_imported(desk: Path) -> None:
    (desk / "导出" / "0坏.csv").write_text("商品,单价\n苹果,3\n", "utf-8")
    result = run(desk)
    assert result["import"].status == "failed" and "0坏.csv" in result["import"].message
    assert result["import"].facts["new"] == 54
    assert statuses(result)["report categories"] == "done"
    assert result.exit_code == ExitCode.FAILED


@pytest.mark.parametrize("is_dry", [True, False])
def test_a_pattern_that_no_file_matches_is_named_where_files_are_looked_for(desk: Path, is_dry: bool) -> None:
    (desk / "导出").rename(desk / "别处")
    none = run(desk, dry_run=is_dry)
    assert "没有文件符合 inputs.files 的“导出/*.csv”" in none["import"].message
    assert statuses(none) == {
        **dict.fromkeys(statuses(none), "planned" if is_dry else "left-out"),
        "import": "failed",
    }
    assert none.exit_code == ExitCode.FAILED
    (desk / "别处").rename(desk / "导出")
    run(desk)
    (desk / "导出").rename(desk / "别处")
    late = run(desk, dry_run=is_dry)
    assert statuses(late) == {**dict.fromkeys(statuses(late), "unchanged"), "import": "partial"}
    assert late.exit_code == ExitCode.PARTIAL


def test_steps_that_need_a_failed_one_are_left_out(desk: Path) -> None:
    shutil.rmtree(desk / "导出")
    result = run(desk)  # nothing to import, and no store
    assert statuses(result) == {
        "import": "failed", "classify": "left-out", "repeats": "left-out",
        "report categories": "left-out", "report pareto": "left-out",
    }  # fmt: skip
    assert [line["status"] for line in log_lines(desk)][1:4] == ["failed", "left-out", "left-out"]


def test_force_does_it_all_again(desk: Path) -> None:
    run(desk)
    again = statuses(run(desk, force=True))
    assert again.pop("import") == "unchanged"  # a table that is in the store is in the store
    assert set(again.values()) == {"done"}


def test_a_dry_run_tells_the_plan_and_changes_nothing(desk: Path) -> None:
    before = sorted(desk.rglob("*"))
    planned = run(desk, dry_run=True)
    assert sorted(desk.rglob("*")) == before
    assert set(statuses(planned).values()) == {"planned"}
    assert "2 个新文件（共 2 个）：5月.csv、6月.csv" in planned["import"].message
    run(desk)
    assert set(statuses(run(desk, dry_run=True)).values()) == {"unchanged"}
    export(desk / "导出" / "4月.csv", 4)
    assert set(statuses(run(desk, dry_run=True)).values()) == {"planned"}


WHAT_MATTERS: list[tuple[str, Callable[[Path], object], str]] = [
    ("nothing", lambda desk: None, "unchanged"),
    ("the result is gone", lambda desk: (desk / "输出/2025-06/类别-2025年6月.csv").unlink(), "done"),
    (
        "the step says something else",
        lambda desk: (desk / "月.toml").write_text(
            JOB.replace('.csv"\n[[report]]', '.csv"\ntop = 2\n[[report]]'), "utf-8"
        ),
        "done",
    ),
    (
        "a person wrote into the result",
        lambda desk: (desk / "输出/2025-06/类别-2025年6月.csv").write_text("改", "utf-8"),
        "kept",
    ),
]


@pytest.mark.parametrize(("what", "change", "status"), WHAT_MATTERS, ids=[case[0] for case in WHAT_MATTERS])
def test_what_makes_a_report_anew(
    desk: Path, what: str, change: Callable[[Path], object], status: str
) -> None:
    run(desk)
    change(desk)
    assert statuses(run(desk))["report categories"] == status
    text = (desk / "输出/2025-06/类别-2025年6月.csv").read_text("utf-8-sig")
    assert (text == "改") == (status == "kept")


def test_retention_removes_what_the_job_wrote_and_nothing_else(desk: Path) -> None:
    with (desk / "月.toml").open("a", encoding="utf-8") as file:
        file.write('[output]\nkeep = 2\nfolder = "输出/{period}"\n')
    other = desk / "输出" / "2024-01"
    for month in (2, 3, 4):
        export(desk / "导出" / f"{month}月.csv", month)
    for month in range(3, 6):  # writes February, March and April
        run(desk, today=date(2025, month, 2))
        if month == 3:
            other.mkdir()
            (other / "人写的.docx").write_text("x", "utf-8")
            (desk / "输出" / "2025-02" / "批注.txt").write_text("x", "utf-8")
    folders = {path.name for path in (desk / "输出").iterdir()}
    assert folders == {"2024-01", "2025", "2025-02", "2025-03", "2025-04"}
    left = [path.name for path in (desk / "输出" / "2025-02").iterdir()]
    assert left == ["批注.txt"]  # what the job wrote is gone, what a person put there is not
    result = run(desk, today=date(2025, 6, 2))  # May: March goes altogether
    assert result["retention"].facts["removed"] == [str(desk / "输出" / "2025-03")]
    assert not (desk / "输出" / "2025-03").exists()
    assert (desk / "输出" / "2025").exists()  # the year is another period; of it there is one


def test_nothing_is_removed_while_a_step_fails(desk: Path) -> None:
    with (desk / "月.toml").open("a", encoding="utf-8") as file:
        file.write("[output]\nkeep = 1\n")
    run(desk)
    bad = desk / "导出" / "坏.csv"
    bad.write_text("商品,单价\n苹果,3\n", "utf-8")
    export(desk / "导出" / "7月.csv", 7)
    result = run(desk, today=date(2025, 8, 2))
    assert statuses(result)["retention"] == "left-out"
    assert (desk / "输出" / "2025-06").exists() and (desk / "输出" / "2025-07").exists()
    bad.unlink()
    assert statuses(run(desk, today=date(2025, 8, 2)))["retention"] == "done"
    assert not (desk / "输出" / "2025-06").exists()


def test_retention_does_not_follow_a_note_or_a_link_to_other_places(desk: Path, tmp_path: Path) -> None:
    run(desk)
    with (desk / "月.toml").open("a", encoding="utf-8") as file:
        file.write("[output]\nkeep = 1\n")
    victim = desk / "要紧.txt"
    victim.write_text("x", "utf-8")
    note = desk / "输出" / "2025-06" / ".月.hotline-run.json"
    for number, name in enumerate(("../../要紧.txt", str(victim)), 1):
        crafted = desk / "输出" / f"2000-0{number}"
        crafted.mkdir()
        content = json.loads(note.read_text("utf-8"))
        (written,) = content["files"].values()
        written["sha256"] = sha256(b"x").hexdigest()
        content |= {"start": "2000-01-01", "files": {name: written}}
        (crafted / note.name).write_text(json.dumps(content), "utf-8")
    elsewhere = tmp_path / "别处"
    shutil.copytree(desk / "输出" / "2025-06", elsewhere)
    if os.name != "nt":
        (desk / "输出" / "1999-01").symlink_to(elsewhere, target_is_directory=True)
    assert {folder.path.name for folder in outdated(read_job(desk / "月.toml"))} == {"2000-01", "2000-02"}
    run(desk)
    assert victim.exists() and sorted(path.name for path in elsewhere.iterdir()) == [
        note.name,
        "类别-2025年6月.csv",
    ]


# Crashes


def rows_of(store: Path) -> list[tuple[object, ...]]:
    """The orders and their labels and issues, without what differs from run to run."""
    sql = """
    SELECT o.order_id, o.title, o.content, l.category, m.issue_id
    FROM read_parquet($orders) o LEFT JOIN read_parquet($labels) l USING (order_key)
    LEFT JOIN read_parquet($members) m USING (order_key) ORDER BY ALL
    """
    places = {
        "orders": f"{store}/orders/*/*.parquet", "labels": f"{store}/labels/model.parquet",
        "members": f"{store}/issues/issue_members.parquet",
    }  # fmt: skip
    return duckdb.execute(sql, places).fetchall()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_run_that_was_killed_goes_on_to_the_same_end(desk: Path, tmp_path: Path) -> None:
    whole = tmp_path / "完整"
    shutil.copytree(desk, whole)
    assert run(whole).exit_code == 0
    code = (
        "import sys, datetime; from hotline_tools.jobs.run import *\n"
        "run_job(read_job(sys.argv[1]), RunOptions(), today=datetime.date(2025, 7, 3),"
        " tell=lambda result: print(result.step, flush=True))"
    )
    for number in range(5):  # once after each step, at a moment within the next
        with subprocess.Popen(
            [sys.executable, "-c", code, desk / "月.toml"], stdout=subprocess.PIPE
        ) as child:
            assert child.stdout is not None
            for _ in range(number):
                child.stdout.readline()
            time.sleep(0.02 * number)
            child.send_signal(signal.SIGKILL)
    last = run(desk)
    assert last.exit_code == 0
    assert rows_of(desk / "hotline-store") == rows_of(whole / "hotline-store")
    assert len(ht.Store.open(desk / "hotline-store").records()) == 2
    for name in ("输出/2025-06/类别-2025年6月.csv", "输出/2025/全年.json"):
        assert (desk / name).read_bytes() == (whole / name).read_bytes()
    assert set(statuses(run(desk)).values()) == {"unchanged"}


def test_a_death_between_the_note_and_the_file_is_no_change_by_a_person(desk: Path) -> None:
    run(desk)
    output = desk / "输出/2025-06/类别-2025年6月.csv"
    before = output.read_bytes()
    export(desk / "导出" / "4月.csv", 4)
    run(desk)
    note = desk / "输出" / "2025-06" / ".月.hotline-run.json"
    content = json.loads(note.read_text("utf-8"))
    content["files"][output.name]["sha256"] = "0" * 64  # noted, but not yet put into its place
    content["files"][output.name]["before"] = sha256(before).hexdigest()
    note.write_text(json.dumps(content), "utf-8")
    output.write_bytes(before)
    assert statuses(run(desk))["report categories"] == "done"


# The lock, the log, the command on failure


def test_a_second_run_leaves_with_its_own_code_or_waits(desk: Path) -> None:
    (desk / "月.run").mkdir()
    lock = filelock.FileLock(desk / "月.run" / ".lock")
    with lock:
        with pytest.raises(JobRunningError):
            run(desk)
        ran = hotline("run", "月.toml", cwd=desk)
        assert ran.code == ExitCode.RUNNING == 4
        assert ran.err.startswith("错误：") and "--wait" in ran.err and len(ran.err.splitlines()) == 1
        assert not (desk / "hotline-store").exists()
    assert run(desk, wait=5.0).exit_code == 0


def test_the_log_has_one_line_a_step(desk: Path) -> None:
    result = run(desk)
    lines = log_lines(desk)
    assert [line["step"] for line in lines] == ["start", *(step.step for step in result.steps), "end"]
    assert {line["run"] for line in lines} == {lines[0]["run"]}
    assert lines[1]["new"] == 54 and lines[-1]["exit_code"] == 0


def test_the_log_is_renamed_when_it_has_grown(tmp_path: Path) -> None:
    for number in range(40):
        RunLog(tmp_path, f"r{number}", max_bytes=300).write("step", "done", {"message": "字" * 20})
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(["log.jsonl", *(f"log.{n}.jsonl" for n in range(1, MAX_FILES + 1))])
    runs = [
        json.loads(line)["run"]
        for name in [*(f"log.{n}.jsonl" for n in range(MAX_FILES, 0, -1)), "log.jsonl"]
        for line in (tmp_path / name).read_text("utf-8").splitlines()
    ]
    assert runs == [f"r{n}" for n in range(40 - len(runs), 40)]  # the newest, in order, none lost between


def test_a_command_is_told_of_a_failure(desk: Path) -> None:
    script = "import os; open('告警.txt', 'w', encoding='utf-8').write(os.environ['HOTLINE_FAILURE'])"
    text = f"[on_failure]\ncommand = [{sys.executable!r}, '-c', {json.dumps(script, ensure_ascii=False)}]\n"
    with (desk / "月.toml").open("a", encoding="utf-8") as file:
        file.write(text)
    assert run(desk).exit_code == 0
    assert not (desk / "告警.txt").exists()
    (desk / "导出" / "坏; touch x.csv").write_text("商品,单价\n苹果,3\n", "utf-8")
    assert run(desk).exit_code == 1
    assert "坏; touch x.csv" in (desk / "告警.txt").read_text("utf-8")
    broken = (desk / "月.toml").read_text("utf-8").replace(repr(sys.executable), "'./没有这个程序'")
    (desk / "月.toml").write_text(broken, "utf-8")
    result = run(desk)
    assert result.steps[-1].step == "on_failure" and "没有这个程序" in result.steps[-1].message
    assert log_lines(desk)[-2]["step"] == "on_failure"


# The job file


REPORT = "[[report]]\nname = 'trend'\noutput = '{output}'\n"
MISTAKES = [
    ("an unknown key", "perod = 'x'", ["perod 不认识，是不是 period？"]),
    ("a report that is none", "[[report]]\nname = 'departmnts'\noutput = 'a.csv'",
     ["report[1].name", "departments"]),
    ("a suffix that a report has not", REPORT.replace("{output}", "a.doc"), ["report[1].output", ".doc"]),
    ("a place outside", "[output]\nfolder = '../x'", ["output.folder"]),
    ("an absolute place", "[output]\nfolder = 'C:/x'", ["output.folder"]),
    ("a name with a folder", REPORT.replace("{output}", "../a.csv"), ["report[1].output", "文件名"]),
    ("an unknown macro", REPORT.replace("{output}", "{month}.csv"), ["report[1].output", "{month}"]),
    ("a brace left open", REPORT.replace("{output}", "{period.csv"), ["report[1].output", "花括号"]),
    ("a period that is none", "period = 'lastmonth'\n" + REPORT.replace("{output}", "a.csv"),
     ["report[1]", "lastmonth"]),
    ("two steps of one file", REPORT.replace("{output}", "a.csv") * 2, ["两步都写"]),
    ("a folder that keeps nothing apart", "[output]\nfolder = '输出'\nkeep = 3", ["output.keep"]),
    ("an edition that is none", "[[brief]]\nedition = 'montly'\noutput = 'a.docx'",
     ["brief[1].edition", "monthly"]),
    ("a briefing without a period", "[[brief]]\noutput = 'a.docx'", ["brief[1]", "没有写时间段"]),
    ("a special without a subject", "period = '2025'\n[[brief]]\nedition = 'special'\noutput = 'a.docx'",
     ["brief[1]", "题目"]),
    ("a report with another's option", REPORT.replace("{output}", "a.csv") + "hours = 3.0",
     ["report[1]", "--hours"]),
    ("no pattern", "[inputs]\nfiles = []", ["inputs.files"]),
    ("a clock that is none", "[schedule]\ntime = '25:00'", ["schedule.time"]),
    ("two kinds of days", "[schedule]\nday = 1\nweekday = 1", ["只能写一个"]),
    ("no command", "[on_failure]\ncommand = []", ["on_failure.command"]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "text", "said"), MISTAKES, ids=[case[0] for case in MISTAKES])
def test_mistakes_are_told_with_file_and_key_before_anything_is_done(
    tmp_path: Path, what: str, text: str, said: list[str]
) -> None:
    place = tmp_path / "坏.toml"
    place.write_text(text, "utf-8")
    with pytest.raises(DataFileError) as caught:
        make_plan(read_job(place), TODAY)
    assert "坏.toml" in str(caught.value)
    for part in said:
        assert part in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["坏.toml"]


PERIODS = [
    ("last-month", "2025-06", "2025年6月"),
    ("last-week", "2025-W26", "2025年第26周（6月23日至6月29日）"),
    ("last-cycle", "cycle-2025-06", "2025年6月考核周期（5月19日至6月18日）"),
    ("2025H1", "2025H1", "2025年上半年"),
]


@pytest.mark.parametrize(("asked", "period", "label"), PERIODS)
def test_periods_name_folders_and_files(tmp_path: Path, asked: str, period: str, label: str) -> None:
    from hotline_tools.reports.kpi.profile_file import find_profile

    profile = Path(find_profile("default").path).read_text("utf-8") + "\n[cycle]\nstart_day = 19\n"
    (tmp_path / "口径.toml").write_text(profile, "utf-8")
    (tmp_path / "a.toml").write_text(
        f"period = '{asked}'\n[[report]]\nname = 'departments'\n"
        "profile = '口径.toml'\noutput = '{label}.csv'\n",
        "utf-8",
    )
    (step,) = make_plan(read_job(tmp_path / "a.toml"), TODAY).outputs
    assert step.output == tmp_path / "输出" / period / f"{label}.csv"


def test_the_settings_are_those_of_the_file_that_the_job_names(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_STORE", "别处的库")
    monkeypatch.chdir(desk)
    (desk / "hotline.toml").write_text("store = '不该用的库'\n", "utf-8")
    config = desk / "配置" / "市.toml"
    config.parent.mkdir()
    config.write_text("store = '库'\nsource = '市热线'\n", "utf-8")
    assert make_plan(read_job(desk / "月.toml"), TODAY).store == desk / "hotline-store"
    (desk / "月.toml").write_text(f"config = '配置/市.toml'\n{JOB}", "utf-8")
    assert run(desk).exit_code == 0
    assert {record.source for record in ht.Store.open(desk / "配置" / "库").records()} == {"市热线"}
