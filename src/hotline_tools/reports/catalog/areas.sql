-- Orders received of each {level} ÷ all orders received, with its largest category; closings and ratings in the
-- period of their own. Only the category needs labels.
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
    SELECT {level} AS area,
        count(*) FILTER (WHERE received_in_period) AS orders,
        count(caller_key) FILTER (WHERE received_in_period) AS with_caller,
        count(DISTINCT caller_key) FILTER (WHERE received_in_period) AS callers,
        count(*) FILTER (WHERE closed_in_period) AS closed,
        count(*) FILTER (WHERE closed_at IS NOT NULL OR status <> 'unknown') AS closing_told,
        count(*) FILTER (WHERE satisfied_rate_numerator) AS satisfied_rate_numerator,
        count(*) FILTER (WHERE satisfied_rate_denominator) AS satisfied_rate_denominator
    FROM {orders} AS rated GROUP BY {level}
)
SELECT
    c.area AS area, c.orders AS orders, c.with_caller AS with_caller, c.callers AS callers,
    c.closed AS closed, c.closing_told AS closing_told,
    c.satisfied_rate_numerator AS satisfied_rate_numerator,
    c.satisfied_rate_denominator AS satisfied_rate_denominator,
    r.category AS top_category, r.orders AS top_category_orders
FROM callers AS c LEFT JOIN ranked AS r ON r.area IS NOT DISTINCT FROM c.area AND r.place = 1
WHERE c.orders > 0 OR c.closed > 0 OR c.satisfied_rate_denominator > 0
ORDER BY c.orders DESC, c.area
