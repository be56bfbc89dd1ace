-- Orders per {unit} by received time. Steps without orders are added as zeros afterwards (Python).
SELECT
    CAST(date_trunc('{unit}', received_at) AS DATE) AS start,
    {series} AS series,
    count(*) AS orders
FROM scope
WHERE received_at IS NOT NULL
GROUP BY CAST(date_trunc('{unit}', received_at) AS DATE), {series}
ORDER BY start, series
