"""Repeat issues: which orders ask for one and the same official action.

Steps, a file each: ``normal`` → ``words`` → ``names`` → ``aspects`` → ``count`` → ``batch`` →
``candidates`` → ``features`` → ``model`` → ``grouping``; ``find`` runs them.
"""
