-- Orders of each {level}, largest first, and the running sum. The orders without one come last, as a row of their own
-- that Python leaves out.
WITH counted AS (
    SELECT {level} AS item, count(*) AS orders
    FROM scope
    GROUP BY {level}
)
SELECT
    item,
    orders,
    sum(orders) OVER (
        ORDER BY item IS NULL, orders DESC, item ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS cumulative_orders,
    sum(CASE WHEN item IS NULL THEN 0 ELSE orders END) OVER () AS all_orders
FROM counted
ORDER BY item IS NULL, orders DESC, item
