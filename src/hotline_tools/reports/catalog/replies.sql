-- The texts of messages with a reply; the scores are worked out afterwards (reply_texts.py).
SELECT order_id, department, {level} AS unit, title, content, reply,
    CASE WHEN closed_at >= received_at THEN date_diff('second', received_at, closed_at) / 3600.0 END AS hours
FROM scope
WHERE reply IS NOT NULL
ORDER BY order_key
