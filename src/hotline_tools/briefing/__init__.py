"""Briefings: reports become a ``Document`` of sentences, tables and charts that a person sends on.

``compose.compose`` makes one by an outline; ``check.faults`` reads it again. The sentences keep the rules of
docs/briefing.md: no rise that may be chance, no percentage of a tiny base, no cause.
"""
