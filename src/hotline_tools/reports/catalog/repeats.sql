-- One row an issue of at least {least} orders in scope, with what the escalation rules look at. "issued" also holds
-- the orders of the same issues from before the period (in_scope is false): when an issue began, whether it grew,
-- and whether an order came back after another was closed, no period can cut.
WITH meant AS (
    SELECT *{meant} FROM {orders} AS issued
),
timed AS (  -- 早于受理的办结时间是错的：说不了办结以后又来没有
    SELECT *, CASE WHEN closed_at >= received_at THEN closed_at END AS closing FROM meant
),
worded AS (  -- the words that an order holds, not its text, go through what follows: it sorts all orders
    SELECT *{worded} FROM timed
),
dated AS (
    SELECT *,
        {as_of} AS as_of,
        (SELECT min(received_at) FROM ({history}) AS ever) AS begun_at,
        coalesce(min(closing) OVER (
            PARTITION BY issue_id ORDER BY received_at, order_key
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) < received_at, FALSE) AS came_back,
        coalesce(max(coalesce(closing, TIMESTAMP '9999-12-31 00:00:00')) OVER (
            PARTITION BY issue_id ORDER BY received_at, order_key
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) < received_at, FALSE) AS is_new_round{per_order}
    FROM worded
),
whole AS (  -- 不受时间段起点限制的
    SELECT issue_id, min(received_at) AS first_at, max(as_of) AS as_of,
        count(*) FILTER (WHERE {rated_scope} AND dated.dissatisfied_rate_numerator) AS dissatisfied_rate_numerator,
        count(*) FILTER (WHERE {rated_scope} AND dated.dissatisfied_rate_denominator)
            AS dissatisfied_rate_denominator,
        count(*) FILTER (WHERE {rated_scope} AND dated.satisfied_rate_numerator) AS satisfied_rate_numerator,
        count(*) FILTER (WHERE {rated_scope} AND dated.satisfied_rate_denominator)
            AS satisfied_rate_denominator{whole}
    FROM dated GROUP BY issue_id
),
rated AS (  -- 已评价的按时间排好，连续相同的评价编为一串
    SELECT issue_id, satisfaction, in_scope,
        row_number() OVER (
            PARTITION BY issue_id ORDER BY coalesce(revisited_at, closed_at, received_at), order_key)
        - row_number() OVER (
            PARTITION BY issue_id, satisfaction
            ORDER BY coalesce(revisited_at, closed_at, received_at), order_key) AS run
    FROM dated WHERE is_rated
),
runs AS (
    SELECT issue_id, satisfaction, count(*) AS length FROM rated GROUP BY issue_id, satisfaction, run
    HAVING bool_or(in_scope)
),
streaks AS (
    SELECT issue_id, max(length) AS dissatisfied_in_row
    FROM runs WHERE satisfaction = 'dissatisfied' GROUP BY issue_id
),
summed AS (
    SELECT
        issue_id,
        mode(category ORDER BY category) AS category, mode(subcategory ORDER BY subcategory) AS subcategory,
        mode(place ORDER BY place) AS place,
        mode(street ORDER BY street) AS street, mode(community ORDER BY community) AS community,
        count(*) AS orders,
        count(DISTINCT caller_key) AS callers,
        count(*) FILTER (WHERE caller_key IS NULL) AS unknown_callers,
        CASE WHEN count(DISTINCT caller_key) >= 2 THEN '多人反映'
             WHEN count(DISTINCT caller_key) = 1 AND count(caller_key) = count(*) THEN '一人多次'
             ELSE '来电人不详' END AS kind,
        max(received_at) AS last_at,
        count(DISTINCT department) AS departments,
        list_sort(list(DISTINCT department) FILTER (WHERE department IS NOT NULL)) AS department_names,
        list_sort(list(DISTINCT channel) FILTER (WHERE channel IS NOT NULL)) AS channels,
        count(*) FILTER (WHERE came_back) AS came_back,
        count(*) FILTER (WHERE is_new_round) AS rounds,
        count(*) FILTER (WHERE closed_by_moment) AS closed,
        CASE WHEN count(coalesce(CAST(closed_at AS VARCHAR), NULLIF(status, 'unknown'))) > 0
            THEN count(*) FILTER (WHERE open_at_moment) END AS open_orders,
        list(received_at ORDER BY received_at) FILTER (WHERE received_at IS NOT NULL) AS times,
        list(coalesce(order_id, order_key) ORDER BY received_at, order_key) AS order_ids,
        list(order_key ORDER BY received_at, order_key) AS order_keys{per_issue}
    FROM dated WHERE in_scope GROUP BY issue_id HAVING count(*) >= {least}
)
SELECT
    s.* EXCLUDE (place), coalesce(n.place, s.place) AS place, w.* EXCLUDE (issue_id),
    coalesce(t.dissatisfied_in_row, 0) AS dissatisfied_in_row, n.label, n.muted
FROM summed AS s
JOIN whole AS w ON w.issue_id = s.issue_id
LEFT JOIN streaks AS t ON t.issue_id = s.issue_id
LEFT JOIN issue_names AS n ON n.issue_id = s.issue_id
WHERE NOT coalesce(n.muted, FALSE)
ORDER BY s.orders DESC, s.issue_id
