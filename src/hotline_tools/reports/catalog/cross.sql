-- Orders at each pair of {level} and {across}, with the sums of both, over orders that have both; and how many
-- orders have either. Pairs without orders and the residuals are added afterwards (Python).
WITH counted AS (
    SELECT {level} AS area, {across} AS category, count(*) AS orders
    FROM scope
    GROUP BY {level}, {across}
),
told AS (
    SELECT
        sum(orders) AS in_scope,
        sum(orders) FILTER (WHERE area IS NOT NULL) AS with_area,
        sum(orders) FILTER (WHERE category IS NOT NULL) AS with_category
    FROM counted
)
SELECT
    area,
    category,
    orders,
    sum(orders) OVER (PARTITION BY area) AS area_orders,
    sum(orders) OVER (PARTITION BY category) AS category_orders,
    sum(orders) OVER () AS all_orders,
    told.*
FROM counted CROSS JOIN told
WHERE area IS NOT NULL AND category IS NOT NULL
ORDER BY area_orders DESC, area, category_orders DESC, category
