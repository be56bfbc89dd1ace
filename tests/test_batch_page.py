"""docs/batch.md: its job file, its crontab and its exit codes are what the program does."""

import re
from datetime import date
from pathlib import Path

import pytest

from hotline_tools.errors import ExitCode
from hotline_tools.jobs.run import make_plan, read_job
from hotline_tools.jobs.run.job_file import Job
from hotline_tools.jobs.run.schedule import crontab
from hotline_tools.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("batch.md", "batch.zh-CN.md")]


def block(page: str, language: str) -> str:
    return page.split(f"```{language}\n")[1].split("```", maxsplit=1)[0]


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_the_job_file_of_the_page_is_one_and_its_crontab_is_printed(page: str, tmp_path: Path) -> None:
    (tmp_path / "每月.toml").write_text(block(page, "toml"), "utf-8")
    job = read_job(tmp_path / "每月.toml")
    outputs = [
        step.output.relative_to(tmp_path).as_posix() for step in make_plan(job, date(2025, 7, 2)).outputs
    ]
    assert outputs == [
        "输出/2025-06/类别分布-2025年6月.xlsx",
        "输出/2025-06/类别分布-2025年6月.png",
        "输出/2025-06/2025年6月热线月报.docx",
    ]
    assert job.content.output.keep == 12
    there = Job(Path("/data/热线/每月.toml"), job.content)
    assert crontab(there, "/opt/hotline/bin/python") == block(page, "text")


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_the_page_tells_every_exit_code_and_every_setting(page: str) -> None:
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)] == [
        code.value for code in ExitCode
    ]
    settings = page.rsplit("## ", maxsplit=1)[-1]
    told = {
        name
        for row in settings.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`(\w+)`", row.split("|")[1])
    }
    assert told == set(Settings.model_fields)
