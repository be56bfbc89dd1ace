"""How letters without blanks are cut into known words."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Segment:
    """A known part of a run as it is read, or letters that nobody knows (``letters`` 0)."""

    text: str
    letters: int = 0


def segments(run: str, longest: int, known: Callable[[str], str]) -> tuple[int, tuple[Segment, ...]]:
    """Return how many letters stay unknown, as few as can be, and the parts, as few as can be with these.

    ``known`` returns how a part of at most ``longest`` letters is read; empty where it is no word.
    """
    best: list[tuple[int, tuple[Segment, ...]]] = [(0, ())]
    for end in range(1, len(run) + 1):
        unknown, parts = best[end - 1]
        is_open = bool(parts) and not parts[-1].letters
        kept, before = (parts[:-1], parts[-1].text) if is_open else (parts, "")
        options = [(unknown + 1, (*kept, Segment(before + run[end - 1])))]
        for start in range(max(0, end - longest), end):
            if word := known(run[start:end]):
                options.append((best[start][0], (*best[start][1], Segment(word, end - start))))
        best.append(min(options, key=lambda option: (option[0], len(option[1]))))
    return best[-1]
