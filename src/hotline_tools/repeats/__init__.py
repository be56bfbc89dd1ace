"""Repeat issues: which orders ask for one and the same official action.

A record-linkage pipeline; ``find`` runs it, one sub-package a step:

=============== =========================================================================================
``text``        normalised texts, tokens, names of places and organisations, sites of addresses, aspects
``encode``      orders as sparse rows of weighted terms, in tables on disk; which orders are eligible
``blocking``    candidate pairs: orders that share rare terms
``comparison``  features of a pair, rules about places, the probability that both are one issue
``clustering``  groups of orders: linkage by the best pairs, cross references
``issues``      issue ids that are stable over runs, people's decisions, labels, the table, explanations
=============== =========================================================================================
"""
