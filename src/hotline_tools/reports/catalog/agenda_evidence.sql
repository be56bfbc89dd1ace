-- What stands behind each topic of the agenda: its newest orders, at most {most_orders},
-- and the departments that handled most of them, at most {most_departments}.
WITH topics(unit, item) AS (VALUES {topics}),
behind AS (
    SELECT topics.unit, topics.item, orders.order_id, orders.department, orders.received_at
    FROM {source} AS orders JOIN topics ON orders.{level} = topics.unit AND orders.{item} = topics.item
),
named AS (
    SELECT unit, item, 'order' AS kind, order_id AS name, 1 AS orders,
        row_number() OVER (PARTITION BY unit, item ORDER BY received_at DESC NULLS LAST, order_id) AS place
    FROM behind WHERE order_id <> ''
    UNION ALL
    SELECT unit, item, 'department' AS kind, department AS name, count(*) AS orders,
        row_number() OVER (PARTITION BY unit, item ORDER BY count(*) DESC, department) AS place
    FROM behind WHERE department <> ''
    GROUP BY unit, item, department
)
SELECT unit, item, kind, name, orders FROM named
WHERE place <= CASE kind WHEN 'order' THEN {most_orders} ELSE {most_departments} END
ORDER BY unit, item, kind, place
