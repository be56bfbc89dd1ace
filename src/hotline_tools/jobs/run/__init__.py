"""``hotline run``: a job file carried out step by step, unattended, as often as one likes."""

from hotline_tools.jobs.run.job_file import Job, read_job
from hotline_tools.jobs.run.plan import JobPlan, make_plan
from hotline_tools.jobs.run.results import RunResult, StepResult
from hotline_tools.jobs.run.runner import RunOptions, run_job

__all__ = ["Job", "JobPlan", "RunOptions", "RunResult", "StepResult", "make_plan", "read_job", "run_job"]
