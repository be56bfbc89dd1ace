-- Orders of each {level} ÷ all orders in scope, with its largest category. "unlabelled" is the scope without
-- labels, for what needs none.
WITH counted AS (
    SELECT {level} AS area, category, count(*) AS orders
    FROM scope GROUP BY {level}, category
),
ranked AS (
    SELECT area, category, orders,
        row_number() OVER (PARTITION BY area ORDER BY orders DESC, category) AS place
    FROM counted WHERE category IS NOT NULL
),
callers AS (
    SELECT {level} AS area, count(*) AS orders, count(caller_key) AS with_caller,
        count(DISTINCT caller_key) AS callers
    FROM unlabelled GROUP BY {level}
)
SELECT
    c.area AS area, c.orders AS orders, c.with_caller AS with_caller, c.callers AS callers,
    r.category AS top_category, r.orders AS top_category_orders
FROM callers AS c LEFT JOIN ranked AS r ON r.area IS NOT DISTINCT FROM c.area AND r.place = 1
ORDER BY c.orders DESC, c.area
