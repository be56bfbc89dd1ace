"""Pairs → groups that resist chaining."""
