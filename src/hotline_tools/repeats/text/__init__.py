"""Texts as they are compared: normal form, words, names, sites, aspects."""
