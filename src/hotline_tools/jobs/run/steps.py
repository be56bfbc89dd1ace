"""What a step of a run is, and those that bring the store up to date: import, classify, repeats."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hotline_tools.engine import EngineChoice, batch_session
from hotline_tools.errors import HotlineError, InputError
from hotline_tools.jobs.importing import ImportOptions, ImportReport, import_tables, to_be_checked
from hotline_tools.jobs.opening import OpenOptions, read_password
from hotline_tools.jobs.repeats import find_repeats
from hotline_tools.jobs.run.fingerprint import file_digest, orders_fingerprint, text_digest
from hotline_tools.jobs.run.inputs import digests_of, input_files, new_files, new_tables, record_keys
from hotline_tools.jobs.run.memory import Memory, TableKey
from hotline_tools.jobs.run.plan import JobPlan
from hotline_tools.jobs.run.results import Status, StepResult
from hotline_tools.jobs.tagging import choose_classifier, label_store
from hotline_tools.jobs.unit_aliases import UnitAliases
from hotline_tools.store import Store


@dataclass(frozen=True)
class JobStep:
    """One step: whether there is anything to do, and what does it."""

    name: str
    settled: Callable[[], StepResult | None]
    """Returns the result of a step that need not be done; None when it has to be."""
    work: Callable[[], StepResult]
    planned: Callable[[], StepResult]
    """Returns what would be done."""
    is_needed: bool = False
    """Whether later steps cannot go on without it."""
    needs_all: bool = False
    """Whether it is left out once any step has failed."""


@dataclass
class StoreSteps:
    """The steps that write to the store."""

    plan: JobPlan
    memory: Memory

    def steps(self) -> Iterator[JobStep]:
        """Yield the steps that the job file asks for."""
        content = self.plan.job.content
        if content.inputs is not None:
            yield JobStep("import", lambda: None, self._import, self._would_import, is_needed=True)
        if content.classify is not None:
            made_of = text_digest(*map(str, self._classifier()), *map(_digest, self._classifier()))
            yield self._derived("classify", "labels", made_of, self._classify)
        if content.repeats is not None:
            yield self._derived("repeats", "issues", "", self._repeats)

    def store(self, *, create: bool = False) -> Store:
        """Open the store."""
        seconds = self.plan.settings.lock_timeout_seconds
        return Store.open(self.plan.store, create=create, lock_timeout_seconds=seconds)

    def _known(self) -> set[TableKey]:
        return record_keys(Store.for_dry_run(self.plan.store).records())

    def _would_import(self) -> StepResult:
        problems: list[HotlineError] = []
        files = input_files(self.plan.job)
        if not files:
            return self._found_nothing()
        new = new_files(digests_of(files, problems), self.memory, self._known())
        names = "、".join(path.name for path in new.values())
        if not new and not problems:
            return StepResult("import", "unchanged", f"{len(files)} 个文件都已导入")
        said = f"{len(new)} 个新文件（共 {len(files)} 个）：{names}"
        return StepResult("import", "planned", "；".join([said, *map(str, problems)]))

    def _found_nothing(self) -> StepResult:
        """Tell that no file matches: a failure where there are no orders yet, since nothing can follow."""
        job = self.plan.job
        assert job.content.inputs is not None
        patterns = "、".join(f"“{pattern}”" for pattern in job.content.inputs.files)
        missing = InputError(
            f"没有文件符合 inputs.files 的{patterns}",
            where=str(job.folder),
            remedy="请核对写法，或先放入导出文件。",
        )
        if not self._known():
            raise missing
        return StepResult("import", "partial", str(missing))

    def _import(self) -> StepResult:
        plan, inputs = self.plan, self.plan.job.content.inputs
        assert inputs is not None
        password = read_password(plan.job.place(inputs.password_file) if inputs.password_file else None)
        layout = plan.job.named(inputs.layout)
        options = OpenOptions(plan.settings.layouts, layout, password)
        found = new_tables(plan.job, options, self.memory, self._known())
        if not found.found:
            return self._found_nothing()
        report = ImportReport([])
        if found.tables:
            aliases = plan.settings.unit_aliases
            how = ImportOptions(
                source=inputs.source or plan.settings.source,
                keep_personal_data=plan.settings.keep_personal_data,
                join=False,  # done already, with all files side by side
                unit_aliases=UnitAliases.read(aliases) if aliases else None,
            )
            report = import_tables(found.tables, self.store(create=True), how)
        self.memory.files = found.files
        self.memory.write()
        return _imported(report, found.found, found.problems, to_be_checked(found.tables, report))

    def _derived(self, name: str, table: str, made_of: str, work: Callable[[Store], StepResult]) -> JobStep:
        """Return a step whose result is a table made of the orders."""

        def state() -> str:
            return text_digest(made_of, orders_fingerprint(self.store()))

        def settled() -> StepResult | None:
            store = Store.for_dry_run(self.plan.store)
            has_result = bool(store.label_files() if table == "labels" else store.issue_files())
            is_same = has_result and self.memory.made_of.get(name) == state()
            return StepResult(name, "unchanged") if is_same else None

        def carried_out() -> StepResult:
            now = state()
            result = work(self.store())
            self.memory.made_of[name] = now
            self.memory.write()
            return result

        return JobStep(name, settled, carried_out, lambda: StepResult(name, "planned"), is_needed=True)

    def _classifier(self) -> tuple[Path | None, Path | None]:
        """Return taxonomy and model: those of the step, else of the settings."""
        step, settings = self.plan.job.content.classify, self.plan.settings
        assert step is not None
        taxonomy = self.plan.job.place(step.taxonomy) if step.taxonomy else settings.taxonomy
        return taxonomy, self.plan.job.place(step.model) if step.model else settings.model

    def _classify(self, store: Store) -> StepResult:
        step = self.plan.job.content.classify
        assert step is not None
        classifier = choose_classifier(*self._classifier())
        with batch_session(EngineChoice.of(self.plan.settings)) as spark:
            report = label_store(store, classifier, workers=step.workers, spark=spark)
        facts = {name: getattr(report, name) for name in ("rows", "needs_review", "unclassified")}
        said = f"{report.rows:,} 件，待复核 {report.needs_review:,} 件，未归类 {report.unclassified:,} 件"
        return StepResult("classify", "done", said, facts=facts)

    def _repeats(self, store: Store) -> StepResult:
        step = self.plan.job.content.repeats
        assert step is not None
        with batch_session(EngineChoice.of(self.plan.settings)) as spark:
            report = find_repeats(store, workers=step.workers, spark=spark)
        facts = {"orders": report.orders, "grouped": report.grouped, "issues": report.issues}
        said = f"{report.orders:,} 件工单中，{report.grouped:,} 件属于 {report.issues:,} 个重复事项"
        return StepResult("repeats", "done", said, facts=facts)


def _digest(path: Path | None) -> str:
    return (file_digest(path) or "") if path else ""


def _imported(
    report: ImportReport, found: int, problems: list[HotlineError], doubtful: list[str]
) -> StepResult:
    """Tell the row sum; files that cannot be read make the step a failed one, after the others are in."""
    totals = report.totals()
    said = [f"{len(report.records)} 张新表（共 {found} 个文件）"]
    if report.records:
        said.append(
            f"读入 {totals['read']:,}＝新增 {totals['new']:,}＋更新 {totals['updated']:,}"
            f"＋未变 {totals['unchanged']:,}＋重复 {totals['duplicate']:,}＋拒收 {totals['rejected']:,}"
        )
    if doubtful:
        said.append(f"请用 hotline inspect 核对 {'、'.join(doubtful)}")
    if report.is_doubled:
        said.append("有的表像是库中工单的另一种导出，会重复计数，见 hotline store imports 的说明")
    if report.is_cut_off:
        said.append("有的文件末尾断了，可能没有传完，请重新导出")
    facts = {**totals, "files": [record.file for record in report.records]}
    if problems:
        return StepResult("import", "failed", "；".join([*map(str, problems), *said]), facts=facts)
    if not report.records:
        return StepResult("import", "unchanged", "，".join(said), facts=facts)
    status: Status = "partial" if report.is_partial or doubtful else "done"
    return StepResult("import", status, "，".join(said), facts=facts)
