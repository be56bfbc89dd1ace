"""The program that a job names for failures: it is told in its environment, never through a shell."""

import os
import subprocess

from hotline_tools.disk import reason
from hotline_tools.jobs.run.job_file import Job
from hotline_tools.jobs.run.results import RunResult

MAX_SECONDS = 60.0
_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


def tell_failure(job: Job, result: RunResult) -> str:
    """Run the job's command; return why it did not work, in Chinese, or an empty text.

    Its environment has ``HOTLINE_FAILURE`` (a line a failure), ``HOTLINE_JOB`` (the file), ``HOTLINE_LOG``
    and ``HOTLINE_EXIT_CODE``; it runs in the folder of the job file and is ended after a minute.
    """
    if job.content.on_failure is None:
        return ""
    program, *arguments = job.content.on_failure.command
    if any(sign in program for sign in _SEPARATORS):
        program = str(job.place(program))
    told = {
        "HOTLINE_FAILURE": "\n".join(result.failures),
        "HOTLINE_JOB": str(job.path),
        "HOTLINE_LOG": str(result.log),
        "HOTLINE_EXIT_CODE": str(int(result.exit_code)),
    }
    try:
        done = subprocess.run(
            [program, *arguments],
            cwd=job.folder,
            env={**os.environ, **told},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"失败通知命令 {program} 超过 {MAX_SECONDS:g} 秒，已停止"
    except OSError as error:
        return f"失败通知命令 {program} 运行不了（{reason(error)}）"
    return f"失败通知命令 {program} 退出码为 {done.returncode}" if done.returncode else ""
