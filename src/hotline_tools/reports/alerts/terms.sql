-- The words that the key-term series are counted from: titles, or how a message without one begins.
SELECT
    week, order_key, category, order_id, caller_key,
    coalesce(title, substr(content, 1, 40)) AS said,
    concat_ws(' ', place, community, street, address) AS located
FROM history
WHERE received_at >= {start} AND coalesce(title, content) IS NOT NULL
ORDER BY received_at DESC, order_id
