"""The editions of a briefing, each with what the generated year has for it."""

EDITIONS: dict[str, tuple[str, dict[str, str]]] = {
    "monthly": ("2021-06", {}),
    "daily": ("2021-06-15", {}),
    "weekly": ("2021-W24", {}),
    "quarterly": ("2021Q2", {}),
    "half-yearly": ("2021H1", {}),
    "yearly": ("2021", {}),
    "special": ("2021-06", {"category": "噪声扰民"}),
    "department": ("2021-06", {"department": "区住房和城乡建设局"}),
}
"""Edition → its period, and what it is about where it needs a subject."""
