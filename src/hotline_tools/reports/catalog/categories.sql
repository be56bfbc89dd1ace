-- Category shares: orders of each category ÷ all orders in scope, the unclassified included.
SELECT
    coalesce({level}, '未归类') AS category,
    count(*) AS orders,
    count(*) / sum(count(*)) OVER () AS share,
    count(*) FILTER (WHERE needs_review) AS needs_review,
    {level} IS NULL AS unclassified
FROM scope
GROUP BY {level}
ORDER BY orders DESC, category
