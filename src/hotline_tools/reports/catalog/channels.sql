-- Orders of each channel ÷ all orders in scope, those without a channel included. Orders that are alike are
-- counted once first: far cheaper than to look at each order for every figure.
WITH alike AS (
    SELECT channel, status, satisfaction, closed_at IS NOT NULL AS has_closed_at, count(*) AS orders
    FROM scope
    GROUP BY channel, status, satisfaction, closed_at IS NOT NULL
)
SELECT
    channel,
    CAST(sum(orders) AS BIGINT) AS orders,
    CAST(sum(CASE WHEN status = 'closed' OR has_closed_at THEN orders ELSE 0 END) AS BIGINT) AS closed,
    CAST(sum(CASE WHEN satisfaction IN ('satisfied', 'basically') THEN orders ELSE 0 END) AS BIGINT) AS satisfied,
    CAST(sum(CASE WHEN satisfaction IN ('satisfied', 'basically', 'dissatisfied') THEN orders ELSE 0 END) AS BIGINT)
        AS rated,
    CAST(sum(CASE WHEN has_closed_at OR status <> 'unknown' THEN orders ELSE 0 END) AS BIGINT) AS closing_told
FROM alike
GROUP BY channel
ORDER BY orders DESC, channel
