-- Orders by weekday (0 = Monday) and hour; one row without either holds the undated. "midnight" are those at
-- 00:00:00 sharp: most have a date only. Counted by the hour of each day first, which is the cheaper group.
WITH hourly AS (
    SELECT
        date_trunc('hour', received_at) AS moment,
        count(*) AS orders,
        count(*) FILTER (WHERE received_at = date_trunc('hour', received_at)) AS sharp
    FROM scope
    GROUP BY date_trunc('hour', received_at)
)
SELECT
    date_diff('day', date_trunc('week', moment), CAST(moment AS DATE)) AS weekday,
    hour(moment) AS hour,
    CAST(sum(orders) AS BIGINT) AS orders,
    CAST(sum(CASE WHEN hour(moment) = 0 THEN sharp ELSE 0 END) AS BIGINT) AS midnight
FROM hourly
GROUP BY date_diff('day', date_trunc('week', moment), CAST(moment AS DATE)), hour(moment)
ORDER BY weekday, hour
