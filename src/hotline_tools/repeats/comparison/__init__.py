"""Comparison of candidate pairs: features, place rules, probability."""
