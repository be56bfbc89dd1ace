"""Whole jobs made of the rooms below: importing, tagging, the demo, batch files."""
