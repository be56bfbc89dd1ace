-- Orders of each {level}; run over both periods, the changes are worked out afterwards (Python).
SELECT {level} AS item, count(*) AS orders
FROM {source}
WHERE {level} IS NOT NULL
GROUP BY {level}
ORDER BY orders DESC, item
