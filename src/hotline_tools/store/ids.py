"""Ids that sort in the order in which they were given, whatever the clock says."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

_TIME = "%Y%m%dT%H%M%S%f"
_ID = re.compile(r"(\d{8}T\d{12})-[0-9a-f]{4}")


def new_id(earlier: Iterable[str] = ()) -> str:
    """Return a new id that sorts after all of ``earlier``; two that are made at once differ.

    It begins with the time. Where the clock has been set back since the last of ``earlier``, it begins
    with the microsecond after that one's.
    """
    now = datetime.now()
    last = max((found[1] for name in earlier if (found := _ID.fullmatch(name))), default=None)
    if last is not None:
        now = max(now, datetime.strptime(last, _TIME) + timedelta(microseconds=1))
    return f"{now.strftime(_TIME)}-{secrets.token_hex(2)}"
