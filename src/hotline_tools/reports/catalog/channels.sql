-- Orders received by each channel ÷ all orders received, those without a channel included. Closings and ratings
-- count in the period of their own. Orders that are alike are
-- counted once first: far cheaper than to look at each order for every figure.
WITH alike AS (
    SELECT channel, received_in_period, closed_in_period, satisfied_rate_numerator, satisfied_rate_denominator,
        closed_at IS NOT NULL OR status <> 'unknown' AS is_closing_told, sum(orders) AS orders
    FROM {orders} AS rated
    GROUP BY ALL
)
SELECT
    channel,
    CAST(sum(CASE WHEN received_in_period THEN orders ELSE 0 END) AS BIGINT) AS orders,
    CAST(sum(CASE WHEN closed_in_period THEN orders ELSE 0 END) AS BIGINT) AS closed,
    CAST(sum(CASE WHEN satisfied_rate_numerator THEN orders ELSE 0 END) AS BIGINT) AS satisfied_rate_numerator,
    CAST(sum(CASE WHEN satisfied_rate_denominator THEN orders ELSE 0 END) AS BIGINT) AS satisfied_rate_denominator,
    CAST(sum(CASE WHEN is_closing_told THEN orders ELSE 0 END) AS BIGINT) AS closing_told
FROM alike
GROUP BY channel
ORDER BY orders DESC, channel
