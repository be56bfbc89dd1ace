-- The first message of each block but the first; blocks have {size} messages, the last may have fewer.
SELECT received_at, order_key
FROM (
    SELECT received_at, order_key,
        row_number() OVER (ORDER BY received_at NULLS FIRST, order_key) - 1 AS place
    FROM replied
    WHERE reply IS NOT NULL
) AS placed
WHERE place > 0 AND place % {size} = 0
ORDER BY place
