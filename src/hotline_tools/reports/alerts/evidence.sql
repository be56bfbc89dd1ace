-- The orders of the windows in question, newest first.
SELECT order_key, category, subcategory, {level} AS area, place, CAST(received_at AS DATE) AS day, order_id,
    caller_key
FROM history
WHERE received_at >= TIMESTAMP '{start} 00:00:00' AND received_at < TIMESTAMP '{end} 00:00:00'
ORDER BY received_at DESC, order_id
