"""``hotline run``: a job file carried out unattended."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotline_tools.cli.refusals import refuse_unused
from hotline_tools.cli.shared import OutputOption, State, require_new, state_of
from hotline_tools.errors import UsageError

if TYPE_CHECKING:
    from hotline_tools.jobs.run import Job, StepResult


def run(
    context: typer.Context,
    job_file: Annotated[Path, typer.Argument(metavar="作业文件", help="作业 TOML，--init 可起草一份。")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出会做什么，不做。")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="结果已有、未变的步骤也重做，被人改过的结果也覆盖。")
    ] = False,
    wait: Annotated[
        float, typer.Option("--wait", metavar="秒", min=0, help="同一作业正在运行时等多久；默认不等。")
    ] = 0,
    init: Annotated[bool, typer.Option("--init", help="写一份带注释的作业文件。")] = False,
    print_crontab: Annotated[bool, typer.Option("--print-crontab", help="显示 crontab 的一行。")] = False,
    print_systemd: Annotated[
        bool, typer.Option("--print-systemd", help="显示 systemd 的服务与定时器。")
    ] = False,
    print_task: Annotated[
        bool, typer.Option("--print-task", help="显示 Windows 任务计划的 XML（UTF-16），宜用 -o 写到文件。")
    ] = False,
    output: OutputOption = None,
) -> None:
    """按作业文件依次导入、归类、找重复诉求、出报表和简报；做过而未变的不重做，中断后接着做。

    例：hotline run 每月.toml --init

    例：hotline run 每月.toml --dry-run
    """
    if sum((init, print_crontab, print_systemd, print_task, dry_run)) > 1:
        raise UsageError("--init、--dry-run 与各 --print 只能写一个")
    state = state_of(context)
    if init:
        refuse_unused(context, "--init", ("force", "wait", "output"))
        _init(state, job_file)
        return
    from hotline_tools.jobs.run import read_job

    job = read_job(job_file)
    if print_crontab or print_systemd or print_task:
        refuse_unused(context, "显示计划任务", ("force", "wait"))
        _print(job, "crontab" if print_crontab else "systemd" if print_systemd else "task", output)
        return
    if output is not None:
        raise UsageError("-o 只与各 --print 同用", remedy="结果写在哪里，由作业文件的 [output] 说。")
    _carry_out(state, job, dry_run=dry_run, force=force, wait=wait)


def _init(state: State, place: Path) -> None:
    from importlib.resources import files

    from hotline_tools.files import write_bytes

    require_new(place)
    write_bytes(place, files("hotline_tools.jobs.run").joinpath("template.toml").read_bytes())
    state.say(f"已写出 {place}；改好后运行 hotline run {place} --dry-run 查看。")


def _print(job: "Job", form: str, output: Path | None) -> None:
    from hotline_tools.files import write_bytes
    from hotline_tools.jobs.run import schedule

    texts = {"crontab": schedule.crontab, "systemd": schedule.systemd, "task": schedule.task_xml}
    text = texts[form](job)
    if output is None and (form != "task" or sys.stdout.isatty()):
        typer.echo(text, nl=False)
        return
    data = text.replace("\n", "\r\n").encode("utf-16") if form == "task" else text.encode()
    if output is not None:
        write_bytes(output, data)
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()


def _carry_out(state: State, job: "Job", *, dry_run: bool, force: bool, wait: float) -> None:
    """Run the job; a terminal sees every step, a log of cron only what went wrong in whole or in part."""
    from hotline_tools.jobs.run import RunOptions, run_job

    def tell(result: "StepResult") -> None:
        if dry_run:
            typer.echo(result.sentence)
        elif result.status == "failed":
            sys.stderr.write(f"错误：{result.sentence}\n")
        elif result.status == "partial":
            sys.stderr.write(f"注意：{result.sentence}\n")
        elif sys.stderr.isatty():
            state.say(result.sentence)

    options = RunOptions(dry_run=dry_run, force=force, wait=wait, store=state.store, config=state.config)
    result = run_job(job, options, tell=tell)
    if result.exit_code:
        raise typer.Exit(result.exit_code)
