"""Sentences from facts: one typed function a pattern; each returns a ``Sentence`` with the figures in it.

None says 上升 or 下降 of what may be chance, gives a percentage of a base below ten, or names a cause.
"""
