"""What chapters tell: a function each, material and the chapter's outline in, sentences and tables out."""

from collections.abc import Callable

from hotline_tools.briefing.chapters.cases import cases
from hotline_tools.briefing.chapters.categories import categories
from hotline_tools.briefing.chapters.handling import handling
from hotline_tools.briefing.chapters.lookback import lookback
from hotline_tools.briefing.chapters.overview import overview
from hotline_tools.briefing.chapters.repeats import repeats
from hotline_tools.briefing.chapters.supervision import supervision
from hotline_tools.briefing.chapters.watching import alerts, escalations
from hotline_tools.briefing.material import Material, Parts
from hotline_tools.briefing.outline import ChapterOutline, Content

CONTENTS: dict[Content, Callable[[Material, ChapterOutline], Parts]] = {
    "overview": overview,
    "categories": categories,
    "handling": handling,
    "repeats": repeats,
    "escalations": escalations,
    "alerts": alerts,
    "supervision": supervision,
    "cases": cases,
    "lookback": lookback,
}
