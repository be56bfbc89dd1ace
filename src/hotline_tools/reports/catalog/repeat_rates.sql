-- Repeat orders by {level}: of an issue with at least two orders. Satisfaction, and whether the issue came back after
-- a closing, count in the period of the revisit and of the closing.
SELECT
    coalesce({level}, '（未填写）') AS item,
    count(*) FILTER (WHERE received_in_period) AS orders,
    count(*) FILTER (WHERE repeat_rate_numerator) AS repeats,
    count(*) FILTER (WHERE repeat_rate_denominator) AS repeat_base,
    count(DISTINCT CASE WHEN repeat_rate_numerator THEN repeat_issue_id END) AS issues,
    count(*) FILTER (WHERE repeat_issue_id IS NOT NULL AND satisfied_rate_denominator) AS repeat_rated,
    count(*) FILTER (WHERE repeat_issue_id IS NOT NULL AND satisfied_rate_numerator) AS repeat_satisfied,
    count(*) FILTER (WHERE repeat_issue_id IS NULL AND satisfied_rate_denominator) AS other_rated,
    count(*) FILTER (WHERE repeat_issue_id IS NULL AND satisfied_rate_numerator) AS other_satisfied,
    count(*) FILTER (WHERE back_rate_denominator) AS closed,
    count(*) FILTER (WHERE back_rate_numerator) AS back,
    count(*) FILTER (WHERE back_rate_denominator AND {resolved}) AS resolved,
    count(*) FILTER (WHERE back_rate_numerator AND {resolved}) AS resolved_back
FROM {orders} AS rated
GROUP BY {level}
ORDER BY orders DESC, item
