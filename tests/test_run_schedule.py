"""Jobs under a scheduler: what is printed for cron, systemd and Windows, and a run in such an environment."""

import configparser
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import hotline_tools
from cli import hotline
from hotline_tools.jobs.run import read_job
from hotline_tools.jobs.run.schedule import crontab, systemd, task_xml, unit_name

TASK = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
SCHEDULES = [
    ("every day", "", "0 2 * * *", "*-*-* 02:00:00", "ScheduleByDay"),
    ("Sundays", 'time = "07:30"\nweekday = 7', "30 7 * * 0", "Sun *-*-* 07:30:00", "ScheduleByWeek"),
    ("Mondays", "weekday = 1", "0 2 * * 1", "Mon *-*-* 02:00:00", "ScheduleByWeek"),
    ("the second", 'time = "23:05"\nday = 2', "5 23 2 * *", "*-*-02 23:05:00", "ScheduleByMonth"),
]


def job_in(folder: Path, schedule: str = "", name: str = "月报 100%.toml") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"[schedule]\n{schedule}\n", "utf-8")
    return path


def cron_parts(text: str) -> tuple[str, str]:
    """The time and the command of a crontab, as cron takes them apart: ``\\%`` is ``%``, ``%`` ends it."""
    (line,) = [line for line in text.splitlines() if not line.startswith("#")]
    fields = line.split(" ", 5)
    command = fields[5].replace("\\%", "\0")
    assert "%" not in command
    return " ".join(fields[:5]), command.replace("\0", "%")


@pytest.mark.parametrize(
    ("schedule", "cron", "calendar", "days"),
    [case[1:] for case in SCHEDULES],
    ids=[case[0] for case in SCHEDULES],
)
def test_all_schedulers_are_told_the_same_time(
    tmp_path: Path, schedule: str, cron: str, calendar: str, days: str
) -> None:
    job = read_job(job_in(tmp_path, schedule))
    assert cron_parts(crontab(job))[0] == cron
    assert f"OnCalendar={calendar}\n" in systemd(job)
    task = ET.fromstring(task_xml(job).split("\n", 1)[1])
    trigger = task.find("t:Triggers/t:CalendarTrigger", TASK)
    assert trigger is not None and trigger.find(f"t:{days}", TASK) is not None
    hour, minute = (int(part) for part in calendar.rsplit(" ", 1)[1].split(":")[:2])
    assert trigger.findtext("t:StartBoundary", "", TASK).endswith(f"T{hour:02d}:{minute:02d}:00")


def test_names_with_signs_of_their_own_survive_every_quoting(tmp_path: Path) -> None:
    folder = tmp_path / "热线 'a\" $HOME"
    job = read_job(job_in(folder))
    words = [sys.executable, "-m", "hotline_tools", "run", str(job.path)]
    assert shlex.split(cron_parts(crontab(job))[1]) == ["cd", str(folder), "&&", *words]
    unit = configparser.RawConfigParser(strict=False)
    unit.read_string(systemd(job).split("\n\n# ")[0])
    command = unit["Service"]["ExecStart"].replace("%%", "%").replace("$$", "$")
    assert shlex.split(command) == words
    assert unit["Service"]["WorkingDirectory"].replace("%%", "%") == str(folder)
    task = ET.fromstring(task_xml(job).split("\n", 1)[1])
    arguments = task.findtext("t:Actions/t:Exec/t:Arguments", "", TASK)
    assert arguments == subprocess.list2cmdline(words[1:])


def test_units_have_names_that_systemd_takes(tmp_path: Path) -> None:
    assert unit_name(read_job(job_in(tmp_path, name="monthly.toml"))) == "hotline-monthly"
    names = {unit_name(read_job(job_in(tmp_path, name=name))) for name in ("月.toml", "周.toml")}
    assert len(names) == 2 and all(name.isascii() for name in names)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    job = read_job(job_in(tmp_path / "热线"))
    service, timer = systemd(job).split("\n\n# ")
    for text, suffix in ((service, "service"), (timer, "timer")):
        (tmp_path / f"{unit_name(job)}.{suffix}").write_text(text.split("\n", 1)[1] + "\n", "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / f"{unit_name(job)}.timer")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert [
        line for line in done.stderr.splitlines() if str(tmp_path) in line or unit_name(job) in line
    ] == []


def test_the_task_is_written_in_utf_16(tmp_path: Path) -> None:
    job_in(tmp_path, name="月.toml")
    assert hotline("run", "月.toml", "--print-task", "-o", "任务.xml", cwd=tmp_path).code == 0
    data = (tmp_path / "任务.xml").read_bytes()
    assert data.startswith(b"\xff\xfe")
    assert ET.parse(io.BytesIO(data)).getroot().tag.endswith("Task")
    assert "每天 02:00" in data.decode("utf-16")


def test_init_writes_a_job_that_runs_and_overwrites_nothing(tmp_path: Path) -> None:
    assert hotline("run", "月.toml", "--init", cwd=tmp_path).code == 0
    text = (tmp_path / "月.toml").read_text("utf-8")
    assert text.count("\n#") > 10
    (tmp_path / "导出").mkdir()
    (tmp_path / "导出" / "六月.csv").touch()
    ran = hotline("run", "月.toml", "--dry-run", cwd=tmp_path)
    assert ran.code == 0 and "热线月报.docx" in ran.out
    again = hotline("run", "月.toml", "--init", cwd=tmp_path)
    assert again.code == 2 and "不覆盖" in again.err
    assert (tmp_path / "月.toml").read_text("utf-8") == text


def test_every_line_of_the_template_that_is_commented_out_is_right_too(tmp_path: Path) -> None:
    assert hotline("run", "月.toml", "--init", cwd=tmp_path).code == 0
    text = (tmp_path / "月.toml").read_text("utf-8")
    text = re.sub(r"^# (?=\w+ = |\[)", "", text, flags=re.MULTILINE)
    assert "on_failure" in text and "keep = 12" in text
    (tmp_path / "全.toml").write_text(text, "utf-8")
    job = read_job(tmp_path / "全.toml")
    assert job.content.output.keep == 12 and job.content.on_failure is not None and job.content.config


YEAR = ["工单编号,受理时间,诉求标题,诉求内容,主办单位"] + [
    f"N{i},2025-{m:02d}-{i % 27 + 1:02d} 10:00,电梯坏了,东风路{i % 5}号小区电梯坏了，请处理,城管局"
    for m in (5, 6)
    for i in range(m * 100, m * 100 + 27)
]
JOB = """
period = "2025-06"
[inputs]
files = ["导出/*.csv"]
[classify]
workers = 2
[repeats]
[[chart]]
name = "categories"
output = "类别.png"
[[brief]]
output = "{label}月报.docx"
"""


@pytest.mark.skipif(os.name == "nt", reason="sh and env")
def test_the_printed_crontab_runs_without_home_locale_and_terminal(tmp_path: Path) -> None:
    desk = tmp_path / "热线 数据"
    (desk / "导出").mkdir(parents=True)
    (desk / "导出" / "工单.csv").write_text("\n".join(YEAR), "utf-8")
    (desk / "月.toml").write_text(JOB, "utf-8")
    printed = hotline("run", "月.toml", "--print-crontab", cwd=desk).out
    environment = {"LANG": "C", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}
    # As a test of the working tree; an installed package needs no path.
    environment["PYTHONPATH"] = str(Path(hotline_tools.__file__).parents[1])
    done = subprocess.run(
        ["/bin/sh", "-c", cron_parts(printed)[1]],
        env=environment, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=240,
    )  # fmt: skip
    log = [json.loads(line) for line in (desk / "月.run" / "log.jsonl").read_text("utf-8").splitlines()]
    assert done.stderr.decode() == "" and done.stdout == b""  # cron mails whatever is printed
    assert done.returncode in (0, 3), log
    assert [line["status"] for line in log] == ["done"] * 5 + [log[5]["status"], "done"]
    assert (desk / "输出" / "2025-06" / "2025年6月月报.docx").read_bytes().startswith(b"PK")
    assert (desk / "输出" / "2025-06" / "类别.png").read_bytes().startswith(b"\x89PNG")
    left = {path.name for path in desk.iterdir()}
    assert left == {"导出", "月.toml", "月.run", "hotline-store", "输出"}


@pytest.mark.skipif(os.name == "nt", reason="sh and env")
def test_a_failure_under_cron_is_one_line_of_mail(tmp_path: Path) -> None:
    (tmp_path / "月.toml").write_text("[classify]\n", "utf-8")
    environment = {"LANG": "C", "PATH": "/usr/bin:/bin"}
    environment["PYTHONPATH"] = str(Path(hotline_tools.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-m", "hotline_tools", "run", str(tmp_path / "月.toml")],
        env=environment, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    (line,) = done.stderr.decode("utf-8").splitlines()
    assert line.startswith("错误：归类 失败：") and "hotline import" in line
