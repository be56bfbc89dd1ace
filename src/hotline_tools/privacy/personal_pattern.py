"""One way to write personal data, and how a whole column is asked for it.

A pattern is what is written (``core``), what must stand before it (``cue``), and what must not touch it
(``before``, ``after``). The core and the cue use only what ``re`` (with ``ASCII``) and RE2 read alike, so
that a whole column can be asked for them: a text without core and cue holds nothing of the kind.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Literal

Author = Literal["caller", "office"]
"""Who wrote the text: an office's own telephone in its reply is not personal."""


class Kind(StrEnum):
    """What was found."""

    ID = "id"
    BANK_CARD = "bank-card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "e-mail"
    PLATE = "plate"
    ACCOUNT = "account"
    NAME = "name"


@dataclass(frozen=True, eq=False)
class PersonalPattern:
    """One way to write personal data; ``match`` is exact, ``necessary`` is implied by every match."""

    kind: Kind
    core: str
    """A group ``value`` is the part that is personal; without it, all of the core is."""
    before: str = ""
    """Lookbehind; RE2 has none, so the prefilter leaves it out."""
    after: str = ""
    """Lookahead; the prefilter leaves it out too."""
    cue: str = ""
    """What the text directly before the core must end with, within ``CUE_WIDTH`` characters."""
    author: Author | None = None
    """Only in texts of this author; None: whoever wrote it."""
    ignore_case: bool = False
    least: int = 0
    """The fewest characters of the run of digits that holds it; 0: it is sought in the whole text."""
    keep: int = 0
    """How many of its first characters may stay readable."""
    sign: str = ""
    """RE2 that every match has in it and that is quicker to look for than the core, where there is one."""
    words: tuple[str, ...] = ()
    """Every match has one of these, or its cue or what follows it; empty: nothing so simple can be asked."""

    def may_be_in(self, text: str) -> bool:
        """Whether ``text`` has one of the words."""
        for word in self.words:  # any(...) takes twice as long, and a text is asked thirty times
            if word in text:
                return True
        return not self.words

    @cached_property
    def match(self) -> re.Pattern[str]:
        """The pattern with its surroundings, without the cue."""
        flags = re.ASCII | (re.IGNORECASE if self.ignore_case else 0)
        return re.compile(f"{self.before}(?:{self.core}){self.after}", flags)

    @cached_property
    def cue_before(self) -> re.Pattern[str]:
        """The cue at the end of the text before the core."""
        return re.compile(rf"(?:{self.cue})$", re.ASCII)

    @property
    def necessary(self) -> str:
        """RE2 that matches every half-width text in which the pattern is found.

        Which digit it is does not count: each ``[3-6]`` would double the states of the automaton.
        """
        if self.sign:
            return f"(?{'i' if self.ignore_case else ''}:{self.sign})"
        core = re.sub(r"\[\d-\d\]", r"\\d", re.sub(r"\(\?P<\w+>", "(?:", self.core))
        # "$" of the cue stands before a last line break too
        cue = rf"(?:{self.cue})\n?" if self.cue else ""
        return f"{cue}(?{'i' if self.ignore_case else ''}:{core})"
