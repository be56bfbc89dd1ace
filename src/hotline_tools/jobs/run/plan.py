"""From a job file to what is to be written where: periods become days, names of files complete."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hotline_tools import __version__
from hotline_tools.briefing.outline import Outline
from hotline_tools.errors import DataFileError, HotlineError
from hotline_tools.jobs.briefing import check_asked, choose_outline
from hotline_tools.jobs.run.job_file import WHAT, BriefStep, ChartStep, Job, OutputKind, ReportStep
from hotline_tools.reports.filters import make_query
from hotline_tools.reports.options import check_options
from hotline_tools.reports.period import Period
from hotline_tools.reports.query import Query
from hotline_tools.reports.registry import find_report
from hotline_tools.settings import Settings, load_settings

_PATHS = {"population", "rules"}
_NOT_FILTERS = {"name", "output", "edition", "outline", "notes", "step", "period", "profile"}


@dataclass(frozen=True)
class OutputStep:
    """One file to write."""

    kind: OutputKind
    name: str
    """Of the report; the edition or outline of a briefing."""
    query: Query
    output: Path
    asked: str
    """The period as the file writes it."""
    outline: Outline | None = None
    notes: Path | None = None

    @property
    def title(self) -> str:
        """The step's name in the log."""
        return f"{self.kind} {self.name}"

    @property
    def made_of(self) -> str:
        """Everything that decides the result, beside the store: another text is another result."""
        notes = self.notes.read_bytes() if self.notes is not None and self.notes.is_file() else b""
        return f"{__version__}\n{self.title}\n{self.query}\n{self.outline}\n{notes!r}"


@dataclass(frozen=True)
class JobPlan:
    """Everything that a run needs to know before its first step."""

    job: Job
    settings: Settings
    outputs: tuple[OutputStep, ...]

    @property
    def store(self) -> Path:
        """The store: the job's, else that of the settings."""
        return self.job.place(self.job.content.store or str(self.settings.store))


def make_plan(job: Job, today: date, *, store: Path | None = None, config: Path | None = None) -> JobPlan:
    """Work out all outputs; ``store`` and ``config`` win over what the file says.

    Raises ``DataFileError`` naming every output that cannot be, before anything is done.
    """
    content = job.content
    named = config.absolute() if config else job.place(content.config) if content.config else None
    settings = load_settings(named)
    if store is not None:
        job = Job(job.path, content.model_copy(update={"store": str(store.absolute())}))
    outputs, mistakes = [], []
    kinds: dict[OutputKind, tuple[ReportStep | BriefStep, ...]]
    kinds = {"report": content.report, "chart": content.chart, "brief": content.brief}
    for key, steps in kinds.items():
        for number, step in enumerate(steps, 1):
            try:
                outputs.append(_output(job, settings, step, today))
            except HotlineError as error:
                mistakes.append(f"{key}[{number}]：{str(error).rstrip('。')}")
    twice = {
        str(step.output) for step in outputs if [other.output for other in outputs].count(step.output) > 1
    }
    mistakes += [f"有两步都写 {name}" for name in sorted(twice)]
    if content.output.keep is not None and "{" not in Path(content.output.folder).name:
        mistakes.append("output.keep 要求 output.folder 的最后一级含 {period} 或 {label}")
    if mistakes:
        raise DataFileError(
            f"{WHAT}有误：{'；'.join(mistakes)}", where=str(job.path), remedy="请改正后重试。"
        )
    return JobPlan(job, settings, tuple(outputs))


def _output(job: Job, settings: Settings, step: ReportStep | BriefStep, today: date) -> OutputStep:
    given = step.model_dump(exclude_none=True, exclude_defaults=True)
    filters = {name: value for name, value in given.items() if name not in _NOT_FILTERS}
    for name in _PATHS & filters.keys():
        filters[name] = str(job.place(filters[name]))
    filters["profile"] = job.named(step.profile) or settings.profile
    filters["profile_is_setting"] = step.profile is None
    filters["period"] = asked = step.period or job.content.period
    if isinstance(step, ReportStep):
        filters["granularity"] = step.step
    query = make_query(today, calendar=settings.calendar, **filters)
    output = job.folder / filled(job.content.output.folder, query.period) / filled(step.output, query.period)
    if isinstance(step, BriefStep):
        own = job.place(step.outline) if step.outline else None
        notes = job.place(step.notes) if step.notes else None
        outline = choose_outline(step.edition, own, settings.issuer)
        check_asked(query, outline)
        return OutputStep("brief", outline.name, query, output, asked or "", outline, notes)
    check_options(find_report(step.name), query)
    kind: OutputKind = "chart" if isinstance(step, ChartStep) else "report"
    return OutputStep(kind, step.name, query, output, asked or "")


def filled(text: str, period: Period | None) -> str:
    """Return a name with its places filled, fit for a file on every system."""
    if period is None:
        return text.format(period="全部", label="全部")
    return text.format(period=period.text.replace(":", "-"), label=period.label)
