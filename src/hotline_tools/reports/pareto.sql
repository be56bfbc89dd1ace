-- Orders of each {level}, largest first, and the running sum.
SELECT
    {level} AS item,
    count(*) AS orders,
    sum(count(*)) OVER (
        ORDER BY count(*) DESC, {level} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS cumulative_orders,
    sum(count(*)) OVER () AS all_orders
FROM scope
WHERE {level} IS NOT NULL
GROUP BY {level}
ORDER BY orders DESC, item
