"""All contradictions of a bulletin, in reading order."""

from collections.abc import Iterator

from hotline_tools.briefing.audit.bulletin import Bulletin, Contradiction, Passage
from hotline_tools.briefing.audit.changes import change_problems
from hotline_tools.briefing.audit.heading import daily_problems, heading_problems
from hotline_tools.briefing.audit.labelled import labelled_problems
from hotline_tools.briefing.audit.lists import list_problems
from hotline_tools.briefing.audit.printed_tables import FigureTable, figure_table
from hotline_tools.briefing.audit.quantities import Quantity, quantities, sentences
from hotline_tools.briefing.audit.shares import (
    PassageFigures,
    explicit_share_problems,
    share_sum_problems,
    unfitting_shares,
)
from hotline_tools.briefing.audit.tables import table_problems
from hotline_tools.briefing.audit.wording import wording_problems

_OF_SENTENCES = (
    wording_problems, explicit_share_problems, share_sum_problems, list_problems, daily_problems
)  # fmt: skip


def contradictions(bulletin: Bulletin) -> list[Contradiction]:
    """Return what contradicts itself, once each, in the order of the bulletin's parts."""
    tables = [read for table in bulletin.tables if (read := figure_table(table)) is not None]
    passages = bulletin.passages
    places = {part.where: number for number, part in reversed(list(enumerate(bulletin.parts)))}
    found = [*_of_passages(passages, tables), *_of_tables(tables)]
    found.sort(key=lambda item: places.get(item.where.partition("第")[0] or item.where, len(places)))
    return list(dict.fromkeys(found))


def _of_passages(passages: list[Passage], tables: list[FigureTable]) -> Iterator[Contradiction]:
    figures = [
        PassageFigures(p.where, tuple((s, tuple(quantities(s))) for s in sentences(p.text))) for p in passages
    ]
    for passage in figures:
        earlier: list[Quantity] = []
        for sentence, found in passage.sentences:
            for kind, stated, against in change_problems(list(found), earlier):
                yield Contradiction(kind, passage.where, stated, against, sentence)
            earlier += found
            for check in _OF_SENTENCES:
                for kind, stated, against in check(sentence, list(found)):
                    yield Contradiction(kind, passage.where, stated, against, sentence)
    totals = [c.total.value for t in tables for c in t.columns if c.kind == "count" and c.total is not None]
    across = [
        *unfitting_shares(figures, totals),
        *heading_problems(passages, figures),
        *labelled_problems(figures, tables),
    ]  # fmt: skip
    for passage, sentence, (kind, stated, against) in across:
        yield Contradiction(kind, passage.where, stated, against, sentence)


def _of_tables(tables: list[FigureTable]) -> Iterator[Contradiction]:
    for table in tables:
        for row, kind, stated, against in table_problems(table):
            yield Contradiction(kind, table.place(row), stated, against, table.text(row))
