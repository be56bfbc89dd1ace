-- Orders by weekday (0 = Monday) and hour. "midnight" are those at 00:00:00 sharp: most have a date only.
SELECT
    date_diff('day', date_trunc('week', received_at), CAST(received_at AS DATE)) AS weekday,
    hour(received_at) AS hour,
    count(*) AS orders,
    count(*) FILTER (WHERE received_at = date_trunc('day', received_at)) AS midnight
FROM scope
WHERE received_at IS NOT NULL
GROUP BY date_diff('day', date_trunc('week', received_at), CAST(received_at AS DATE)), hour(received_at)
ORDER BY weekday, hour
