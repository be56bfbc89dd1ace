-- Orders of each channel ÷ all orders in scope, those without a channel included. Orders that are alike are
-- counted once first: far cheaper than to look at each order for every figure.
WITH alike AS (
    SELECT channel, status, closed_at IS NOT NULL AS has_closed_at, satisfied_rate_numerator,
        satisfied_rate_denominator, count(*) AS orders
    FROM {orders} AS rated
    GROUP BY ALL
)
SELECT
    channel,
    CAST(sum(orders) AS BIGINT) AS orders,
    CAST(sum(CASE WHEN status = 'closed' OR has_closed_at THEN orders ELSE 0 END) AS BIGINT) AS closed,
    CAST(sum(CASE WHEN satisfied_rate_numerator THEN orders ELSE 0 END) AS BIGINT) AS satisfied_rate_numerator,
    CAST(sum(CASE WHEN satisfied_rate_denominator THEN orders ELSE 0 END) AS BIGINT) AS satisfied_rate_denominator,
    CAST(sum(CASE WHEN has_closed_at OR status <> 'unknown' THEN orders ELSE 0 END) AS BIGINT) AS closing_told
FROM alike
GROUP BY channel
ORDER BY orders DESC, channel
