"""Carrying out a job: one step after another, what is done already left out, each step logged."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import filelock

from hotline_tools.disk import reason, remedy
from hotline_tools.errors import HotlineError, JobRunningError, StoreError
from hotline_tools.jobs.run.failure import tell_failure
from hotline_tools.jobs.run.job_file import Job
from hotline_tools.jobs.run.log import LOG_NAME, RunLog
from hotline_tools.jobs.run.memory import Memory
from hotline_tools.jobs.run.output_steps import OutputSteps
from hotline_tools.jobs.run.plan import JobPlan, make_plan
from hotline_tools.jobs.run.results import RunResult, StepResult
from hotline_tools.jobs.run.steps import JobStep, StoreSteps
from hotline_tools.store import new_id

Tell = Callable[[StepResult], None]


@dataclass(frozen=True)
class RunOptions:
    """How a run is asked for."""

    dry_run: bool = False
    force: bool = False
    """Do every step, whatever is there already; a file that a person has changed is overwritten."""
    wait: float = 0.0
    """Seconds to wait for another run of the job."""
    store: Path | None = None
    config: Path | None = None


def run_job(
    job: Job, options: RunOptions, *, today: date | None = None, tell: Tell = lambda _: None
) -> RunResult:
    """Carry out a job and return what became of its steps; ``tell`` is called after each.

    A step that fails is among the results. Raises ``DataFileError`` for a mistake in the job file before
    anything is done, ``JobRunningError`` while another run of the job goes on.
    """
    plan = make_plan(job, today or date.today(), store=options.store, config=options.config)
    log_place = job.notes_folder / LOG_NAME
    if options.dry_run:
        return RunResult(tuple(_told(_planned(plan, options), tell)), log_place)
    with _alone(job, options.wait):
        log = RunLog(job.notes_folder, new_id())
        log.write("start", "done", {"job": str(job.path), "store": str(plan.store), "force": options.force})
        result = RunResult(tuple(_told(_carried_out(plan, options, log), tell)), log_place)
        trouble = tell_failure(job, result) if result.failures else ""
        if trouble:
            said = StepResult("on_failure", "failed", trouble)
            log.write(said.step, said.status, said.logged)
            tell(said)
            result = replace(result, steps=(*result.steps, said))
        log.write("end", "done", {"exit_code": int(result.exit_code)})
        return result


def _told(results: Iterator[StepResult], tell: Tell) -> Iterator[StepResult]:
    for result in results:
        tell(result)
        yield result


def _steps(plan: JobPlan) -> Iterator[JobStep]:
    yield from StoreSteps(plan, Memory.read(plan.job.notes_folder)).steps()
    yield from OutputSteps(plan).steps()


def _planned(plan: JobPlan, options: RunOptions) -> Iterator[StepResult]:
    """Yield what a run would do; once the store is to be changed, everything after it is to be made."""
    is_changing = options.force
    for step in _steps(plan):
        settled = None if is_changing and step.name != "retention" else _settled(step)
        result = settled or _foreseen(step)
        is_changing = is_changing or (step.is_needed and result.status == "planned")
        yield result


def _foreseen(step: JobStep) -> StepResult:
    """Return what would be done, or why it would fail; the rest of the plan is told all the same."""
    try:
        return step.planned()
    except HotlineError as error:
        return StepResult(step.name, "failed", str(error))


def _settled(step: JobStep) -> StepResult | None:
    """Return the result of a step that need not be done; a store that is not there yet settles nothing."""
    try:
        return step.settled()
    except HotlineError:
        return None


def _carried_out(plan: JobPlan, options: RunOptions, log: RunLog) -> Iterator[StepResult]:
    blocked = failed = ""
    for step in _steps(plan):
        started = time.monotonic()
        try:
            if why := blocked or (failed if step.needs_all else ""):
                result = StepResult(step.name, "left-out", f"{why}没有完成")
            else:
                result = (None if options.force else _settled(step)) or step.work()
        except (HotlineError, OSError) as error:
            result = StepResult(step.name, "failed", _said(error))
            blocked = result.label if step.is_needed else ""
        except BaseException as error:
            log.write(step.name, "interrupted", {"message": type(error).__name__})
            raise
        failed = failed or (result.label if result.status == "failed" else "")
        result = replace(result, seconds=round(time.monotonic() - started, 3))
        log.write(step.name, result.status, result.logged)
        yield result


def _said(error: HotlineError | OSError) -> str:
    if isinstance(error, HotlineError):
        return str(error)
    return f"{error.filename or ''}：读写失败（{reason(error)}）。{remedy(error)}"


@contextmanager
def _alone(job: Job, wait: float) -> Iterator[None]:
    """Hold the job's lock; raise ``JobRunningError`` when another run has it after ``wait`` seconds."""
    try:
        job.notes_folder.mkdir(exist_ok=True)
        lock = filelock.FileLock(job.notes_folder / ".lock")
        lock.acquire(timeout=wait)
    except filelock.Timeout as error:
        raise JobRunningError(
            "同一作业正在运行", where=str(job.path), remedy="请等它结束，或加 --wait 秒数。"
        ) from error
    except OSError as error:
        raise StoreError(
            f"写不了作业的日志目录（{reason(error)}）", where=str(job.notes_folder), remedy=remedy(error)
        ) from error
    try:
        yield
    finally:
        lock.release()
