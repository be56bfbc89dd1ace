"""The chapters: each is one function, material and its outline in, sentences, tables and charts out."""

from collections.abc import Callable

from hotline_tools.briefing.chapters.cases import cases
from hotline_tools.briefing.chapters.categories import categories
from hotline_tools.briefing.chapters.handling import handling
from hotline_tools.briefing.chapters.overview import overview
from hotline_tools.briefing.chapters.repeats import repeats
from hotline_tools.briefing.chapters.supervision import supervision
from hotline_tools.briefing.chapters.watching import watching
from hotline_tools.briefing.material import Material, Parts
from hotline_tools.briefing.outline import ChapterKind, ChapterOutline


def own(_material: Material, _chapter: ChapterOutline) -> Parts:
    """Return nothing: the chapter is what a person wrote."""
    return []


CHAPTERS: dict[ChapterKind, Callable[[Material, ChapterOutline], Parts]] = {
    "overview": overview,
    "categories": categories,
    "handling": handling,
    "repeats": repeats,
    "watching": watching,
    "supervision": supervision,
    "cases": cases,
    "own": own,
}
