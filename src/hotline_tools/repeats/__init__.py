"""Repeat issues: which orders ask for one and the same official action.

Steps, a file each: ``normal`` → ``words`` → ``names`` → ``aspects`` → ``count`` → ``pieces`` →
``batch`` → ``lookups`` → ``candidates`` → ``features`` → ``model`` → ``grouping``; ``find`` runs them.
"""
