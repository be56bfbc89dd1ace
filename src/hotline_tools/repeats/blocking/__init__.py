"""Candidate pairs by rare shared things, near-linear in the orders."""
