"""The steps that write files: reports, charts and briefings, and the removal of the oldest of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from hotline_tools.briefing.outline import other_length
from hotline_tools.engine import EngineChoice, opened
from hotline_tools.files import write_bytes
from hotline_tools.jobs.briefing import make_brief
from hotline_tools.jobs.run.fingerprint import store_fingerprint, text_digest
from hotline_tools.jobs.run.folders import DatedFolder, outdated
from hotline_tools.jobs.run.plan import JobPlan, OutputStep
from hotline_tools.jobs.run.results import StepResult
from hotline_tools.jobs.run.steps import JobStep
from hotline_tools.render.registry import form_for, render, render_chart
from hotline_tools.reports.registry import find_report
from hotline_tools.reports.run import run_report
from hotline_tools.store import Store


@dataclass(frozen=True)
class OutputSteps:
    """The steps of a plan that write files."""

    plan: JobPlan

    def steps(self) -> Iterator[JobStep]:
        """Yield them in the order of the job file; the removal comes last."""
        for step in self.plan.outputs:
            yield self._step(step)
        if self.plan.job.content.output.keep is not None:
            yield JobStep("retention", self._nothing_old, self._remove, self._would_remove, needs_all=True)

    def _step(self, step: OutputStep) -> JobStep:
        name, output = step.title, step.output
        shown = str(output.relative_to(self.plan.job.folder))

        def made_of() -> str:
            return text_digest(step.made_of, store_fingerprint(Store.open(self.plan.store)))

        def settled() -> StepResult | None:
            state = DatedFolder.of(self.plan.job, step).state(output.name, made_of())
            return StepResult(name, state, shown, output) if state else None

        def work() -> StepResult:
            made = made_of()  # before it is rendered: what comes in meanwhile is not in it
            content, remarks = self._rendered(step)
            folder = DatedFolder.of(self.plan.job, step)
            with folder.writing(output.name, made) as temporary:
                write_bytes(temporary, content)
            said = "；".join([shown, *remarks, *_of_other_length(step)])
            return StepResult(name, "partial" if remarks else "done", said, output)

        planned = "；".join([shown, *_of_other_length(step)])
        return JobStep(name, settled, work, lambda: StepResult(name, "planned", planned, output))

    def _rendered(self, step: OutputStep) -> tuple[bytes, list[str]]:
        """Return the content of the file, and what of it a person has to look at."""
        settings = self.plan.settings
        store = Store.open(self.plan.store)
        lost = [warning.rstrip("。") for warning in store.warnings()]
        with opened(store, EngineChoice.of(settings)) as engine:
            if step.outline is not None:
                brief = make_brief(engine, step.query, step.outline, step.notes)
                faults = [f"待核：{fault}" for fault in brief.to_verify]
                return render(brief.document, form_for(step.output, "document")), [*lost, *faults]
            table = run_report(find_report(step.name), engine, step.query)
        remarks = [*lost, *(["有的数无法计算，见表注"] if table.incomplete else [])]
        if step.kind == "chart":
            return render_chart(table, form_for(step.output, "chart")), remarks
        return render(table, form_for(step.output)), remarks

    def _nothing_old(self) -> StepResult | None:
        return None if outdated(self.plan.job) else StepResult("retention", "unchanged")

    def _would_remove(self) -> StepResult:
        return StepResult("retention", "planned", "、".join(str(f.path) for f in outdated(self.plan.job)))

    def _remove(self) -> StepResult:
        removed: list[str] = []
        kept: list[str] = []
        for folder in outdated(self.plan.job):
            (removed if folder.remove() else kept).append(str(folder.path))
        said = [f"删除 {'、'.join(removed)}"] if removed else []
        if kept:
            said.append(f"{'、'.join(kept)} 里有别的文件或被人改过的文件，保留")
        return StepResult("retention", "done", "；".join(said), facts={"removed": removed, "kept": kept})


def _of_other_length(step: OutputStep) -> list[str]:
    """Return what to say of a briefing whose period is not as long as its edition's; nothing is wrong."""
    if step.outline is None or step.query.period is None:
        return []
    said = other_length(step.outline, step.query.period.days)
    return [said.rstrip("。")] if said else []
