-- Orders of each {level} in each ISO week (its Monday); orders without a label or a time are left out.
SELECT
    {level} AS item,
    CAST(date_trunc('week', received_at) AS DATE) AS week,
    count(*) AS orders
FROM scope
WHERE received_at IS NOT NULL AND {level} IS NOT NULL
GROUP BY {level}, CAST(date_trunc('week', received_at) AS DATE)
ORDER BY item, week
