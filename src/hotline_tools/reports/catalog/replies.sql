-- The texts of messages with a reply; the scores are worked out afterwards (replies/scores.py). Praise needs no
-- facts and is told apart.
SELECT order_id, department, coalesce({praised}, FALSE) AS is_praise, {level} AS unit, title,
    left(content, {chars}) AS content, reply,
    CASE WHEN closed_at >= received_at THEN date_diff('second', received_at, closed_at) / 3600.0 END AS hours
FROM replied
WHERE reply IS NOT NULL AND {within}
ORDER BY order_key
