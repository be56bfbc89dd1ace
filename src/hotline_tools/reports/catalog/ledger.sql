-- 建账 opened, 销账 cleared, 晒账 public (an answer is recorded), 结账 settled with satisfaction; and how cleared
-- orders were disposed of. A unit is the month of each event, or a level. Orders that are alike are counted once
-- first. A rate of orders opened is NAME_of ÷ NAME_base, without sources that never fill what it needs.
-- with_COLUMN: how many orders fill the column.
WITH
{facts},
alike AS (
    SELECT
        {received_unit} AS received_unit,
        {closed_unit} AS closed_unit,
        {answered_unit} AS answered_unit,
        {due_unit} AS due_unit,
        {in_received} AS is_received,
        is_closed,
        is_closed AND {in_closed} AS is_cleared,
        {in_due} AND {became_overdue} AND {told} AS has_become_overdue,
        {in_closed} AND {ended_overdue} AND {told} AS has_ended_overdue,
        is_closed AND is_rated AND {in_answered} AS is_rated_now,
        {carry_over},
        {covers_cleared} AS covers_cleared,
        {covers_public} AS covers_public,
        received_at IS NOT NULL AS has_received_at,
        closed_at IS NOT NULL AS has_closed_at,
        status <> 'unknown' AS has_status,
        {replied} AS is_public,
        {in_closed} AS is_closed_now,
        co_departments IS NOT NULL AS is_joint,
        handling_hours <= {instant} AS is_instant,
        satisfaction,
        count(*) AS orders
    FROM facts
    GROUP BY ALL
),
moments AS (  -- every order once at each of its events
    SELECT *,
        CASE event
            WHEN 'received' THEN received_unit
            WHEN 'closed' THEN closed_unit
            WHEN 'answered' THEN answered_unit
            ELSE due_unit
        END AS unit
    FROM alike
    CROSS JOIN (
        SELECT 'received' AS event UNION ALL SELECT 'closed' UNION ALL SELECT 'answered' UNION ALL SELECT 'due'
    ) AS events
)
SELECT
    unit,
    {counts}
FROM moments
GROUP BY unit
ORDER BY unit
