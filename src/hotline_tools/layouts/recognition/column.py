"""A column of a table as it is looked at: its header, what the header says, what the cells say."""

from dataclasses import dataclass

from hotline_tools.layouts.recognition.names import HeaderName, read_name, read_step
from hotline_tools.layouts.recognition.values import Values

LEAST = 0.3
"""Score in 0-1 below which a column is left in ``extra``."""
CLOCKS = 0.9
"""Share of cells from which a column is one of times."""


@dataclass(frozen=True)
class Candidate:
    """A column that may fill a field."""

    header: str
    name: HeaderName
    values: Values


def candidate(header: str, values: Values) -> Candidate:
    """Read a column; one of times that names none goes by its step (Created, Closed, 签收)."""
    name = read_name(header)
    # Numbers may be ids that begin with their day: 20240302 92964.
    if values.times >= CLOCKS > values.numbers and not name.heads & {"time", "limit", "id"}:
        name = read_step(header)
    return Candidate(header, name, values)
