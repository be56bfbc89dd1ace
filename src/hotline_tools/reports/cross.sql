-- Orders at each pair of {level} and {across}, with the sums of both, over orders that have both.
-- Pairs without orders and the residuals are added afterwards (Python).
SELECT
    {level} AS area,
    {across} AS category,
    count(*) AS orders,
    sum(count(*)) OVER (PARTITION BY {level}) AS area_orders,
    sum(count(*)) OVER (PARTITION BY {across}) AS category_orders,
    sum(count(*)) OVER () AS all_orders
FROM scope
WHERE {level} IS NOT NULL AND {across} IS NOT NULL
GROUP BY {level}, {across}
ORDER BY area_orders DESC, area, category_orders DESC, category
