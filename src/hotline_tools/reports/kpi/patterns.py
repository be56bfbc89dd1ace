"""Patterns of profiles (``*`` for any run of characters) as SQL conditions and as Python matches."""

import re
from functools import lru_cache

from hotline_tools.reports.kpi.profile import Conditions, Patterns
from hotline_tools.sql import literal


def fits(text: str, patterns: Patterns) -> bool:
    """Tell whether ``text`` fits one of the patterns."""
    return any(_compiled(pattern).fullmatch(text) for pattern in patterns)


def column_sql(column: str, patterns: Patterns) -> str:
    """Return the condition that ``column`` fits one of the patterns (null fits none)."""
    plain = [literal(p) for p in patterns if "*" not in p]
    parts = [f"{column} IN ({', '.join(plain)})"] if plain else []
    parts += [f"{column} LIKE {literal(p.replace('*', '%'))}" for p in patterns if "*" in p]
    return parts[0] if len(parts) == 1 else f"({' OR '.join(parts)})"


def all_sql(conditions: Conditions) -> str:
    """Return the condition that every column fits; TRUE without columns."""
    return " AND ".join(column_sql(column, patterns) for column, patterns in conditions) or "TRUE"


def any_sql(conditions: Conditions) -> str:
    """Return the condition that some column fits, never null; FALSE without columns."""
    parts = (column_sql(column, patterns) for column, patterns in conditions)
    joined = " OR ".join(parts)
    return f"coalesce({joined}, FALSE)" if joined else "FALSE"


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)
