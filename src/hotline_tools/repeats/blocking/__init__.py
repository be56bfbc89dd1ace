"""Blocking: candidate pairs of orders that share rare terms."""
