-- One row an issue: what its orders say. `issue_members` has order_key, issue_id and closest.
-- Of several values as frequent as each other, mode takes the first it sees: sorted, so that reruns agree.
WITH joined AS (
    SELECT m.issue_id, m.closest, o.*,
        min(CASE WHEN o.closed_at >= o.received_at THEN o.closed_at END) OVER (  -- 早于受理的是错的
            PARTITION BY m.issue_id ORDER BY o.received_at, o.order_key
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) < o.received_at AS came_back
    FROM issue_members AS m JOIN orders AS o ON o.order_key = m.order_key
)
SELECT
    issue_id,
    mode(category ORDER BY category) AS category,
    mode(subcategory ORDER BY subcategory) AS subcategory,
    mode(place ORDER BY place) AS place,
    mode(district ORDER BY district) AS district,
    mode(street ORDER BY street) AS street,
    mode(community ORDER BY community) AS community,
    count(*) AS orders,
    count(DISTINCT caller_key) AS callers,
    count(*) FILTER (WHERE caller_key IS NULL) AS unknown_callers,
    list_sort(list(DISTINCT channel) FILTER (WHERE channel IS NOT NULL)) AS channels,
    list_sort(list(DISTINCT department) FILTER (WHERE department IS NOT NULL)) AS departments,
    min(received_at) AS first_at,
    max(received_at) AS last_at,
    count(*) FILTER (WHERE came_back) AS came_back,
    count(*) FILTER (WHERE satisfaction = 'satisfied') AS satisfied,
    count(*) FILTER (WHERE satisfaction = 'basically') AS basically,
    count(*) FILTER (WHERE satisfaction = 'dissatisfied') AS dissatisfied,
    count(*) FILTER (WHERE satisfaction IS NULL OR satisfaction = 'unrated') AS unrated,
    count(*) FILTER (WHERE status = 'open') AS open_orders,
    count(*) FILTER (WHERE closed_at IS NULL AND coalesce(status, 'unknown') = 'unknown') AS unclear_orders,
    round(avg(closest), 4) AS certainty,
    list(received_at ORDER BY received_at) FILTER (WHERE received_at IS NOT NULL) AS times,
    list(order_key ORDER BY received_at, order_key) AS order_keys,
    list(coalesce(order_id, order_key) ORDER BY received_at, order_key) AS order_ids
FROM joined
GROUP BY issue_id
ORDER BY issue_id
