"""Which column is what, by its name and by its values together: one assignment for all columns at once."""

from hotline_tools.layouts.recognition.assignment import Assigned, Recognition, recognise

__all__ = ["Assigned", "Recognition", "recognise"]
