-- The orders behind the agenda, newest first.
SELECT {level} AS unit, {item} AS item, order_id, department
FROM {source}
WHERE {level} IS NOT NULL AND {item} IS NOT NULL AND received_at IS NOT NULL
ORDER BY received_at DESC, order_id
