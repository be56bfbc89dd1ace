-- The orders of the windows in question, newest first.
SELECT order_key, category, subcategory, {level} AS area, place, CAST(received_at AS DATE) AS day, order_id,
    caller_key, department
FROM history
WHERE received_at >= {start} AND received_at < {end}
ORDER BY received_at DESC, order_id
