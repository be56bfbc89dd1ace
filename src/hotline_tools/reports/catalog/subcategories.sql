-- Shares of level 2 within all orders in scope, each under its level 1.
SELECT
    coalesce(category, '未归类') AS category,
    coalesce(subcategory, '（未细分）') AS subcategory,
    count(*) AS orders,
    count(*) / sum(count(*)) OVER () AS share,
    count(*) / sum(count(*)) OVER (PARTITION BY category) AS share_in_category,
    count(*) FILTER (WHERE needs_review) AS needs_review,
    category IS NULL AS unclassified
FROM scope
GROUP BY category, subcategory
ORDER BY orders DESC, category, subcategory
