-- One row per order that has to be pushed, with a flag for each reason. Wording and order: Python.
WITH
{facts},
rated AS (  -- 同一来电人的回访连成一串；没有来电人的，按同一单位、同一地点、同一子类
    SELECT o.order_key, o.order_id, o.satisfaction,
        coalesce(o.revisited_at, o.closed_at) AS asked_at,
        coalesce('c:' || o.caller_key, 'p:' || o.department || '|' || o.place || '|' || o.subcategory) AS who
    FROM orders AS o CROSS JOIN known
    WHERE o.satisfaction IN ('satisfied', 'basically', 'dissatisfied')
        AND coalesce(o.revisited_at, o.closed_at) <= known.as_of
),
revisits AS (
    SELECT order_key, asked_at, satisfaction,
        lag(satisfaction) OVER (PARTITION BY who ORDER BY asked_at, order_key) AS satisfaction_before,
        lag(order_id) OVER (PARTITION BY who ORDER BY asked_at, order_key) AS order_before
    FROM rated WHERE who IS NOT NULL
),
closing AS (  -- 状态不明的，只有范围内确有办结的记录时才当作未办结
    SELECT count(closed_at) + count(*) FILTER (WHERE status = 'closed') > 0 AS says_closed FROM facts
),
moments AS (
    SELECT f.*,
        NOT f.is_closed AND coalesce(f.status, 'open') <> 'cancelled'
            AND (coalesce(f.status, 'unknown') <> 'unknown' OR c.says_closed) AS is_open,
        greatest({moves}) AS moved_at,
        coalesce(CASE WHEN f.dispatched_at <= f.as_of THEN f.dispatched_at END, f.received_at) AS sent_at,
        coalesce(f.revisited_at, f.closed_at, f.received_at) AS asked_at
    FROM facts AS f CROSS JOIN closing AS c
),
reasons AS (
    SELECT m.*, r.order_before AS order_before,
        m.is_open AND coalesce(m.due_by <= m.as_of, FALSE) AS overdue_now,
        m.is_open AND coalesce(m.due_by > m.as_of AND m.due_by <= m.as_of + INTERVAL {due_minutes} MINUTE, FALSE)
            AS due_soon,
        m.is_open AND NOT m.is_replied AND NOT coalesce(m.responded, FALSE)
            AND NOT coalesce(m.first_contact_at <= m.as_of, FALSE)
            AND (m.has_first_contact_at OR m.has_responded OR m.has_reply)
            AND coalesce(m.sent_at < m.as_of - INTERVAL {unanswered_minutes} MINUTE, FALSE) AS unanswered,
        m.is_open AND coalesce(m.moved_at < m.as_of - INTERVAL {stalled_minutes} MINUTE, FALSE) AS stalled,
        coalesce(r.satisfaction = 'dissatisfied' AND r.satisfaction_before = 'dissatisfied'
            AND r.asked_at >= m.as_of - INTERVAL {look_back} DAY, FALSE) AS dissatisfied_twice,
        coalesce(m.returns >= {returned}
            AND (m.is_open OR m.closed_at >= m.as_of - INTERVAL {look_back} DAY), FALSE) AS returned_often,
        coalesce(m.is_rated AND m.satisfaction IN ({satisfaction})
            AND m.asked_at <= m.as_of
            AND m.asked_at >= m.as_of - INTERVAL {look_back} DAY, FALSE) AS sent_back
    FROM moments AS m LEFT JOIN revisits AS r ON r.order_key = m.order_key
)
SELECT
    department, order_id, title, street, community, received_at, due_by,
    CASE WHEN is_rated THEN satisfaction END AS satisfaction, returns, order_before,
    overdue_now, due_soon, unanswered, stalled, dissatisfied_twice, returned_often, sent_back,
    date_diff('second', due_by, as_of) / 3600.0 AS late_hours,
    date_diff('second', sent_at, as_of) / 3600.0 AS sent_hours,
    date_diff('second', moved_at, as_of) / 3600.0 AS still_hours
FROM reasons
WHERE overdue_now OR due_soon OR unanswered OR stalled OR dissatisfied_twice OR returned_often OR sent_back
ORDER BY department, due_by, received_at, order_id
