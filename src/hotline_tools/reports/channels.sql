-- Orders of each channel ÷ all orders in scope, those without a channel included.
SELECT
    channel,
    count(*) AS orders,
    count(*) FILTER (WHERE status = 'closed' OR closed_at IS NOT NULL) AS closed,
    count(*) FILTER (WHERE satisfaction IN ('satisfied', 'basically')) AS satisfied,
    count(*) FILTER (WHERE satisfaction IN ('satisfied', 'basically', 'dissatisfied')) AS rated
FROM scope
GROUP BY channel
ORDER BY orders DESC, channel
