-- The orders behind the agenda, newest first.
SELECT {level} AS unit, {item} AS item, order_id, department
FROM {source}
WHERE {level} IS NOT NULL AND {item} IS NOT NULL
ORDER BY received_at DESC NULLS LAST, order_id
