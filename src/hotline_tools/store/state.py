"""How far an order has got, so that of two rows of one case the later state wins, not the later file."""

from collections.abc import Collection

from hotline_tools.schema import EVENT_TIMES

_EVENTS = EVENT_TIMES[1:]
_REWORKS = ("returns", "redos")
_OUTCOMES = ("resolved", "satisfaction")
STATE_FIELDS = ("status", *_EVENTS, *_REWORKS, *_OUTCOMES)
"""The columns that tell how far an order has got."""


def state_sql(provided: Collection[str]) -> str:
    """Return the SQL columns that tell the state: finished, withdrawn, reworks, last_event, filled.

    Only what the export in hand has a column for (``provided``) is compared: an export without closing
    times says nothing about them. ``finished`` is null where the status is not known.
    """

    def given(names: Collection[str]) -> list[str]:
        return [name for name in names if name in provided]

    finished = "CASE WHEN status IN ('closed', 'cancelled') THEN TRUE WHEN status = 'open' THEN FALSE END"
    withdrawn = "coalesce(status = 'cancelled', FALSE)"
    events, outcomes = given(_EVENTS), given(_OUTCOMES)
    reworks = " + ".join(["0", *(f"coalesce({name}, 0)" for name in given(_REWORKS))])
    last = ", ".join(["NULL::TIMESTAMP", *events])
    filled = " + ".join(["0", *(f"({name} IS NOT NULL)::INT" for name in [*events, *outcomes])])
    return (
        f"{finished if 'status' in provided else 'NULL::BOOLEAN'} AS finished, "
        f"{withdrawn if 'status' in provided else 'FALSE'} AS withdrawn, {reworks} AS reworks, "
        f"greatest({last}) AS last_event, {filled} AS filled"
    )
