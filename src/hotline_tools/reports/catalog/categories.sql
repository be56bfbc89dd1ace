-- Orders of each category (and subcategory) ÷ all orders in scope, the unclassified included; its types of request
-- and how satisfied people were, in the period of the revisit. Orders that are alike are counted once first.
WITH alike AS (
    SELECT
        {level} AS category, {below} AS subcategory, request_type, needs_review, received_in_period,
        satisfied_rate_numerator, satisfied_rate_denominator, sum(orders) AS orders
    FROM {orders} AS rated
    GROUP BY ALL
),
typed AS (
    SELECT category, subcategory, list(concat(request_type, ' ', orders) ORDER BY orders DESC, request_type) AS types
    FROM (
        SELECT category, subcategory, request_type, CAST(sum(orders) AS BIGINT) AS orders
        FROM alike WHERE request_type IS NOT NULL AND received_in_period GROUP BY category, subcategory, request_type
    ) AS counted
    GROUP BY category, subcategory
),
summed AS (
    SELECT
        category, subcategory,
        CAST(sum(CASE WHEN received_in_period THEN orders ELSE 0 END) AS BIGINT) AS orders,
        CAST(sum(CASE WHEN received_in_period AND needs_review THEN orders ELSE 0 END) AS BIGINT) AS needs_review,
        CAST(sum(CASE WHEN satisfied_rate_numerator THEN orders ELSE 0 END) AS BIGINT)
            AS satisfied_rate_numerator,
        CAST(sum(CASE WHEN satisfied_rate_denominator THEN orders ELSE 0 END) AS BIGINT)
            AS satisfied_rate_denominator
    FROM alike GROUP BY category, subcategory
)
SELECT
    coalesce(s.category, {unfilled}) AS category,
    coalesce(s.subcategory, '（未细分）') AS subcategory,
    s.orders AS orders,
    s.orders / NULLIF(sum(s.orders) OVER (), 0) AS share,
    s.orders / NULLIF(sum(s.orders) OVER (PARTITION BY s.category), 0) AS share_in_category,
    s.needs_review AS needs_review,
    s.satisfied_rate_numerator AS satisfied_rate_numerator,
    s.satisfied_rate_denominator AS satisfied_rate_denominator,
    coalesce(t.types, []) AS types,
    s.category IS NULL AS unclassified
FROM summed AS s
LEFT JOIN typed AS t ON t.category IS NOT DISTINCT FROM s.category
    AND t.subcategory IS NOT DISTINCT FROM s.subcategory
WHERE s.orders > 0 OR s.satisfied_rate_denominator > 0
ORDER BY orders DESC, category, subcategory
