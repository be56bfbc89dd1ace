-- 接转办访督考: how many orders reached each step, how many wait before it, and how long it took.
-- Nothing after as_of counts. Closing is timed from receipt, as departments does; durations that would be
-- negative are left out. Rates are divided afterwards (Python). Orders that are alike are counted once (alike);
-- has_COLUMN: does any order fill it? A step counts in the period of its own event; its rate is NAME_of ÷
-- NAME_base, the orders whose step before is of the period, without sources that never fill what it needs.
WITH
{facts},
alike AS (
    SELECT
        status, satisfaction, resolved, is_answered, is_called_back,
        {keys},
        {carry_over},
        coalesce(signed_at <= as_of, FALSE) AS is_signed,
        coalesce(redos, 0) = 0 AS is_not_redone,
        count(*) AS orders
    FROM facts
    GROUP BY ALL
),
judged AS (  -- 从回访结果看得出的事实
    SELECT {answers}
    FROM alike
),
staged AS (
    SELECT *,
        is_rated AND coalesce(satisfaction IN ({satisfaction}), FALSE) AS is_supervised
    FROM judged
),
counted AS (
    SELECT
        sum(orders) FILTER (WHERE {in_received}) AS received,
        sum(orders) FILTER (WHERE flow_carried_in) AS carried_in,
        sum(orders) FILTER (WHERE is_dispatched AND {in_dispatched}) AS dispatched,
        sum(orders) FILTER (WHERE is_dispatched AND {in_received} AND covers_dispatched) AS dispatched_of,
        sum(orders) FILTER (WHERE {in_received} AND covers_dispatched) AS dispatched_base,
        sum(orders) FILTER (WHERE flow_open_at_end AND NOT is_dispatched AND covers_dispatched) AS dispatch_waiting,
        sum(orders) FILTER (WHERE is_dispatched AND is_signed AND {in_signed}) AS signed,
        sum(orders) FILTER (WHERE is_dispatched AND is_signed AND {in_dispatched} AND covers_signed) AS signed_of,
        sum(orders) FILTER (WHERE is_dispatched AND {in_dispatched} AND covers_signed) AS signed_base,
        sum(orders) FILTER (WHERE is_dispatched AND flow_open_at_end AND NOT is_signed AND covers_signed)
            AS sign_waiting,
        sum(orders) FILTER (WHERE is_dispatched AND is_returned AND {in_dispatched}) AS returned,
        sum(orders) FILTER (WHERE is_closed AND {in_closed}) AS closed,
        sum(orders) FILTER (WHERE is_closed AND {in_received} AND covers_closed) AS closed_of,
        sum(orders) FILTER (WHERE {in_received} AND covers_closed) AS closed_base,
        sum(orders) FILTER (WHERE flow_open_at_end) AS close_waiting,
        sum(orders) FILTER (WHERE flow_closed_late) AS closed_late,
        sum(orders) FILTER (WHERE flow_open_at_end) AS open_at_end,
        sum(orders) FILTER (WHERE flow_withdrawn) AS withdrawn,
        sum(orders) FILTER (WHERE is_due AND {in_due}) AS due,
        sum(orders) FILTER (WHERE flow_overdue_at_end AND covers_closed_on_time) AS due_waiting,
        sum(orders) FILTER (WHERE flow_overdue_at_end) AS overdue_at_end,
        sum(orders) FILTER (WHERE is_closed AND is_revisited AND {in_answered}) AS revisited,
        sum(orders) FILTER (WHERE is_closed AND {in_closed} AND NOT is_revisited AND covers_revisited)
            AS revisit_waiting,
        sum(orders) FILTER (WHERE is_rated AND {in_answered}) AS rated,
        sum(orders) FILTER (WHERE is_supervised AND {in_answered}) AS supervised,
        sum(orders) FILTER (WHERE is_supervised AND {in_answered} AND is_not_redone) AS supervise_waiting,
        sum(orders) FILTER (WHERE is_satisfied AND {in_answered}) AS satisfied,
        {rates},
        {flags}
    FROM staged
),
timed AS (
    SELECT
        CASE WHEN dispatched_at >= received_at AND dispatched_at <= as_of AND {dispatched_then}
            THEN {dispatch} END AS dispatch_seconds,
        CASE WHEN signed_at >= dispatched_at AND signed_at <= as_of AND {signed_then}
            THEN {sign} END AS sign_seconds,
        CASE WHEN closed_at >= received_at AND closed_at <= as_of AND {closed_then}
            THEN {close} END AS close_seconds,
        CASE WHEN revisited_at >= closed_at AND revisited_at <= as_of AND {revisited_then}
            THEN {revisit} END AS revisit_seconds
    FROM {source} AS o CROSS JOIN known
    WHERE {admitted}
),
durations AS (
    SELECT
        {durations}
    FROM timed
)
SELECT counted.*, durations.*, known.excluded
FROM counted CROSS JOIN durations CROSS JOIN known
