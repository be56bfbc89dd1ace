"""Rows that are no records, and rows that came apart."""
