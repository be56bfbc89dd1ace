"""Scores of replies and the texts they are measured on."""
