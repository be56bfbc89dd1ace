-- 接转办访督考: how many orders reached each step, how many wait before it, and how long it took.
-- Nothing after as_of counts. Closing is timed from receipt, as departments does; durations that would be
-- negative are left out. Rates are divided afterwards (Python). Orders that are alike are counted once (alike);
-- has_COLUMN: does any order fill it? The _base of a rate leaves out sources that never fill what it needs.
WITH
{facts},
alike AS (
    SELECT
        status, satisfaction, resolved, is_answered, is_called_back,
        {keys},
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
        NOT is_closed AND coalesce(status, 'open') <> 'cancelled' AS is_open,
        is_rated AND coalesce(satisfaction IN ({satisfaction}), FALSE) AS is_supervised
    FROM judged
),
counted AS (
    SELECT
        sum(orders) AS received,
        sum(orders) FILTER (WHERE is_dispatched) AS dispatched,
        sum(orders) FILTER (WHERE covers_dispatched) AS dispatched_base,
        sum(orders) FILTER (WHERE is_open AND NOT is_dispatched AND covers_dispatched) AS dispatch_waiting,
        sum(orders) FILTER (WHERE is_dispatched AND is_signed) AS signed,
        sum(orders) FILTER (WHERE is_dispatched AND covers_signed) AS signed_base,
        sum(orders) FILTER (WHERE is_dispatched AND is_open AND NOT is_signed AND covers_signed) AS sign_waiting,
        sum(orders) FILTER (WHERE is_dispatched AND is_returned) AS returned,
        sum(orders) FILTER (WHERE is_dispatched AND covers_returned) AS returned_base,
        sum(orders) FILTER (WHERE is_closed) AS closed,
        sum(orders) FILTER (WHERE covers_closed) AS closed_base,
        sum(orders) FILTER (WHERE is_open AND covers_closed) AS close_waiting,
        sum(orders) FILTER (WHERE is_due) AS due,
        sum(orders) FILTER (WHERE is_due AND is_closed_on_time) AS closed_on_time,
        sum(orders) FILTER (WHERE is_due AND covers_closed_on_time) AS closed_on_time_base,
        sum(orders) FILTER (WHERE is_due AND is_open AND covers_closed_on_time) AS due_waiting,
        sum(orders) FILTER (WHERE is_closed AND is_revisited) AS revisited,
        sum(orders) FILTER (WHERE is_closed AND covers_revisited) AS revisited_base,
        sum(orders) FILTER (WHERE is_closed AND NOT is_revisited AND covers_revisited) AS revisit_waiting,
        sum(orders) FILTER (WHERE is_rated) AS rated,
        sum(orders) FILTER (WHERE is_supervised) AS supervised,
        sum(orders) FILTER (WHERE is_supervised AND is_not_redone) AS supervise_waiting,
        sum(orders) FILTER (WHERE is_satisfied) AS satisfied,
        sum(orders) FILTER (WHERE {resolved}) AS resolved,
        sum(orders) FILTER (WHERE {resolution_known}) AS resolution_known,
        {flags}
    FROM staged
),
timed AS (
    SELECT
        CASE WHEN dispatched_at >= received_at AND dispatched_at <= as_of
            THEN {dispatch} END AS dispatch_seconds,
        CASE WHEN signed_at >= dispatched_at AND signed_at <= as_of
            THEN {sign} END AS sign_seconds,
        CASE WHEN closed_at >= received_at AND closed_at <= as_of
            THEN {close} END AS close_seconds,
        CASE WHEN revisited_at >= closed_at AND revisited_at <= as_of
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
