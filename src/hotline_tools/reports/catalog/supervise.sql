-- One row per order that has to be pushed, with a flag for each reason. Wording and order: Python.
WITH
{facts},
rated AS (  -- 同一来电人的回访连成一串；没有来电人的，按同一单位、同一地点、同一子类（只有这些要用到归类）
    SELECT o.order_key, o.order_id, o.satisfaction, coalesce(o.revisited_at, o.closed_at) AS asked_at,
        'c:' || o.caller_key AS who
    FROM stored_orders AS o
    WHERE o.caller_key IS NOT NULL AND o.satisfaction IN {ratings}
    UNION ALL
    SELECT o.order_key, o.order_id, o.satisfaction, coalesce(o.revisited_at, o.closed_at) AS asked_at,
        'p:' || o.department || '|' || o.place || '|' || o.subcategory AS who
    FROM orders AS o
    WHERE o.caller_key IS NULL AND o.department IS NOT NULL AND o.place IS NOT NULL
        AND o.satisfaction IN {ratings}
),
upset AS (  -- 最近有过不满意的
    SELECT r.who FROM rated AS r CROSS JOIN known
    WHERE r.satisfaction = 'dissatisfied' AND r.asked_at <= known.as_of
        AND r.asked_at >= known.as_of - INTERVAL {look_back} DAY
),
revisits AS (
    SELECT r.order_key, r.asked_at, r.satisfaction, known.as_of,
        lag(r.satisfaction) OVER (PARTITION BY r.who ORDER BY r.asked_at, r.order_key) AS satisfaction_before,
        lag(r.order_id) OVER (PARTITION BY r.who ORDER BY r.asked_at, r.order_key) AS order_before
    FROM rated AS r CROSS JOIN known
    WHERE r.asked_at <= known.as_of AND r.who IN (SELECT who FROM upset WHERE who IS NOT NULL)
),
twice AS (
    SELECT order_key, order_before FROM revisits
    WHERE satisfaction = 'dissatisfied' AND satisfaction_before = 'dissatisfied'
        AND asked_at >= as_of - INTERVAL {look_back} DAY
),
worked_now AS (  -- 截至时刻以前的工作日时间（秒）：休息日不走
    SELECT ended.as_of, d.workdays_before * 86400 + CASE WHEN d.is_working
        THEN date_diff('second', date_trunc('day', ended.as_of), ended.as_of) ELSE 0 END AS seconds
    FROM (SELECT date_trunc('second', {passed}) AS as_of FROM known) AS ended
    LEFT JOIN days AS d ON d.day = CAST(ended.as_of AS DATE)
),
thresholds AS (  -- 到什么时刻为止算“即将到期”，什么时刻以前没有动静算“无进展”；日历之外按钟点
    SELECT
        coalesce(
            max(CASE WHEN d.is_working
                AND w.seconds + {due_minutes} * 60 - d.workdays_before * 86400 BETWEEN 0 AND 86399
                THEN CAST(d.day AS TIMESTAMP)
                    + (w.seconds + {due_minutes} * 60 - d.workdays_before * 86400) * INTERVAL 1 SECOND END),
            max(w.as_of) + INTERVAL {due_minutes} MINUTE) AS due_until,
        coalesce(
            min(CASE WHEN d.is_working
                AND w.seconds - {stalled_minutes} * 60 - d.workdays_before * 86400 BETWEEN 1 AND 86400
                THEN CAST(d.day AS TIMESTAMP)
                    + (w.seconds - {stalled_minutes} * 60 - d.workdays_before * 86400) * INTERVAL 1 SECOND END),
            max(w.as_of) - INTERVAL {stalled_minutes} MINUTE) AS stalled_since
    FROM worked_now AS w LEFT JOIN days AS d ON TRUE
),
moments AS (
    SELECT f.*, t.due_until, t.stalled_since,
        NOT f.is_closed AND coalesce(f.status, 'open') <> 'cancelled' AND {closing_told} AS is_open,
        f.order_key IN (SELECT order_key FROM twice) AS dissatisfied_twice,
        greatest({moves}) AS moved_at,
        coalesce(CASE WHEN f.dispatched_at <= f.as_of THEN f.dispatched_at END, f.received_at) AS sent_at,
        coalesce(f.revisited_at, f.closed_at, f.received_at) AS asked_at
    FROM facts AS f CROSS JOIN thresholds AS t
),
reasons AS (
    SELECT m.*,
        m.is_open AND coalesce(m.due_by <= m.{passed}, FALSE) AND NOT {in_time} AS overdue_now,
        m.is_open AND coalesce(m.due_by > m.{passed} AND m.due_by <= m.due_until, FALSE) AS due_soon,
        m.is_open AND {contact_told} AND NOT m.is_replied AND NOT coalesce(m.first_contact_at <= m.as_of, m.responded, FALSE)
            AND (m.has_first_contact_at OR m.has_responded)
            AND coalesce(m.sent_at < m.as_of - INTERVAL {unanswered_minutes} MINUTE, FALSE) AS unanswered,
        m.is_open AND coalesce(m.moved_at < m.stalled_since, FALSE) AS stalled,
        coalesce(m.returns >= {returned}
            AND (m.is_open OR m.closed_at >= m.as_of - INTERVAL {look_back} DAY), FALSE) AS returned_often,
        coalesce(m.is_rated AND m.satisfaction IN ({satisfaction})
            AND m.asked_at <= m.as_of
            AND m.asked_at >= m.as_of - INTERVAL {look_back} DAY, FALSE) AS sent_back
    FROM moments AS m
),
listed AS (
    SELECT * FROM reasons
    WHERE overdue_now OR due_soon OR unanswered OR stalled OR dissatisfied_twice OR returned_often OR sent_back
)
SELECT
    department, order_id, listed.order_key, title, street, community, received_at, due_by,
    CASE WHEN is_rated THEN satisfaction END AS satisfaction, returns, order_before,
    overdue_now, due_soon, unanswered, stalled, dissatisfied_twice, returned_often, sent_back,
    coalesce(closed_at > listed.as_of, FALSE) OR coalesce(revisited_at > listed.as_of, FALSE) AS goes_on,
    date_diff('second', due_by, w.as_of) / 3600.0 AS late_hours,
    date_diff('second', sent_at, w.as_of) / 3600.0 AS sent_hours,
    coalesce(dispatched_at <= listed.as_of, FALSE) AS is_dispatched,
    date_diff('second', moved_at, w.as_of) / 3600.0 AS still_hours,
    (w.seconds - moved_day.workdays_before * 86400 - CASE WHEN moved_day.is_working
        THEN date_diff('second', date_trunc('day', moved_at), moved_at) ELSE 0 END) / 3600.0 AS still_worked_hours,
    w.as_of AS as_of
FROM listed CROSS JOIN worked_now AS w
LEFT JOIN days AS moved_day ON moved_day.day = CAST(moved_at AS DATE)
LEFT JOIN twice ON twice.order_key = listed.order_key
ORDER BY department, due_by, received_at, order_id
