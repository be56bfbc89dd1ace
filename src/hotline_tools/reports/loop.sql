-- 接转办访督考: how many orders reached each step, how many wait before it, and how long it took.
-- Nothing after as_of counts. Closing is timed from receipt, as departments does; durations that would be
-- negative are left out. Rates are divided afterwards (Python).
WITH
{facts},
timed AS (
    SELECT f.*,
        NOT f.is_closed AND coalesce(f.status, 'open') <> 'cancelled' AS is_open,
        f.is_rated AND coalesce(f.satisfaction IN ({satisfaction}), FALSE) AS is_supervised,
        coalesce(f.signed_at <= f.as_of, FALSE) AS is_signed,
        CASE WHEN dispatched_at >= received_at AND dispatched_at <= as_of
            THEN date_diff('second', received_at, dispatched_at) / 3600.0 END AS dispatch_hours,
        CASE WHEN signed_at >= dispatched_at AND signed_at <= as_of
            THEN date_diff('second', dispatched_at, signed_at) / 3600.0 END AS sign_hours,
        CASE WHEN closed_at >= received_at AND closed_at <= as_of
            THEN date_diff('second', received_at, closed_at) / 3600.0 END AS close_hours,
        CASE WHEN revisited_at >= closed_at AND revisited_at <= as_of
            THEN date_diff('second', closed_at, revisited_at) / 3600.0 END AS revisit_hours
    FROM facts AS f
)
SELECT
    count(*) AS received,
    count(*) FILTER (WHERE is_dispatched) AS dispatched,
    count(*) FILTER (WHERE is_open AND NOT is_dispatched) AS dispatch_waiting,
    count(*) FILTER (WHERE is_dispatched AND is_signed) AS signed,
    count(*) FILTER (WHERE is_dispatched AND is_open AND NOT is_signed) AS sign_waiting,
    count(*) FILTER (WHERE is_dispatched AND is_returned) AS returned,
    count(*) FILTER (WHERE is_closed) AS closed,
    count(*) FILTER (WHERE is_open) AS close_waiting,
    count(*) FILTER (WHERE is_due) AS due,
    count(*) FILTER (WHERE is_due AND is_closed_on_time) AS closed_on_time,
    count(*) FILTER (WHERE is_due AND is_open) AS due_waiting,
    count(*) FILTER (WHERE is_closed AND is_revisited) AS revisited,
    count(*) FILTER (WHERE is_closed AND NOT is_revisited) AS revisit_waiting,
    count(*) FILTER (WHERE is_rated) AS rated,
    count(*) FILTER (WHERE is_supervised) AS supervised,
    count(*) FILTER (WHERE is_supervised AND coalesce(redos, 0) = 0) AS supervise_waiting,
    count(*) FILTER (WHERE is_satisfied) AS satisfied,
    count(*) FILTER (WHERE is_resolved) AS resolved,
    count(*) FILTER (WHERE is_resolution_known) AS resolution_known,
    {durations}
FROM timed
