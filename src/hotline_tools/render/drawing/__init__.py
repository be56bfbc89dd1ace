"""How each kind of ``ChartHint`` is drawn: one kind a file, each a function of figure, table and hint."""
