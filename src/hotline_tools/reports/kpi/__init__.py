"""KPIs: facts of orders, their limits, the statement, rates, scoring and profiles."""
