-- Repeat orders by {level}: an order is one when its issue has at least two orders in scope.
WITH placed AS (
    SELECT s.*, i.issue_id AS issue, i.again AS again, i.later AS later
    FROM {orders} AS s
    LEFT JOIN (
        SELECT order_key, issue_id,
            count(*) OVER (PARTITION BY issue_id) >= 2 AS again,
            coalesce(max(received_at) OVER (PARTITION BY issue_id) > closed_at, FALSE) AS later
        FROM issued
    ) AS i ON i.order_key = s.order_key
),
marked AS (
    SELECT *,
        coalesce(again, FALSE) AS is_repeat,
        coalesce(later, FALSE) AS is_back,
        satisfied_rate_denominator AS is_rated,
        satisfied_rate_numerator AS is_satisfied
    FROM placed
)
SELECT
    coalesce({level}, '（未填写）') AS item,
    count(*) AS orders,
    count(*) FILTER (WHERE is_repeat) AS repeats,
    count(DISTINCT CASE WHEN is_repeat THEN issue END) AS issues,
    count(*) FILTER (WHERE is_repeat AND is_rated) AS repeat_rated,
    count(*) FILTER (WHERE is_repeat AND is_satisfied) AS repeat_satisfied,
    count(*) FILTER (WHERE NOT is_repeat AND is_rated) AS other_rated,
    count(*) FILTER (WHERE NOT is_repeat AND is_satisfied) AS other_satisfied,
    count(*) FILTER (WHERE closed_at IS NOT NULL) AS closed,
    count(*) FILTER (WHERE closed_at IS NOT NULL AND is_back) AS back,
    count(*) FILTER (WHERE closed_at IS NOT NULL AND resolved = 'yes') AS resolved,
    count(*) FILTER (WHERE closed_at IS NOT NULL AND resolved = 'yes' AND is_back) AS resolved_back
FROM marked
GROUP BY {level}
ORDER BY orders DESC, item
