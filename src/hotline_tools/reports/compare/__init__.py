"""Two periods of one report side by side, and whether a change may be chance."""
