-- One row a known caller of at least two orders received; unknown callers are never taken for one person.
SELECT
    s.caller_key AS caller_key,
    count(*) FILTER (WHERE received_in_period) AS orders,
    count(DISTINCT i.issue_id) AS issues,
    count(*) FILTER (WHERE received_in_period) - count(i.issue_id) AS single_orders,
    max(i.times) AS most_on_one_issue,
    min(s.received_at) FILTER (WHERE received_in_period) AS first_at,
    max(s.received_at) FILTER (WHERE received_in_period) AS last_at,
    mode(s.category ORDER BY s.category) FILTER (WHERE received_in_period) AS category,
    count(DISTINCT s.department) FILTER (WHERE received_in_period) AS departments,
    count(*) FILTER (WHERE s.dissatisfied_rate_numerator) AS dissatisfied_rate_numerator,
    count(*) FILTER (WHERE s.dissatisfied_rate_denominator) AS dissatisfied_rate_denominator,
    list(coalesce(s.order_id, s.order_key) ORDER BY s.received_at, s.order_key)
        FILTER (WHERE received_in_period) AS order_ids
FROM {orders} AS s
LEFT JOIN (  -- issues of orders received
    SELECT order_key, issue_id, count(*) OVER (PARTITION BY caller_key, issue_id) AS times FROM issued
) AS i ON i.order_key = s.order_key
WHERE s.caller_key IS NOT NULL
GROUP BY s.caller_key
HAVING count(*) FILTER (WHERE received_in_period) >= 2
ORDER BY orders DESC, caller_key
