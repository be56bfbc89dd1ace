-- Weekly counts (week 0 is the newest) of {what}. The test itself is in alerts/detection.py
-- (Farrington-type quasi-Poisson on 7-day windows; Python).
SELECT {category} AS category, {item} AS item, {area} AS area, week, count(*) AS orders
FROM {source}
WHERE {filled}
GROUP BY {grouped}
ORDER BY {grouped}
