-- What the classifier says of the orders of each own category (its first level) of the export.
SELECT
    trim(split_part(original_category, '/', 1)) AS original,
    category,
    count(*) AS orders,
    sum(count(*)) OVER (PARTITION BY trim(split_part(original_category, '/', 1))) AS original_orders,
    sum(count(*)) OVER (PARTITION BY category) AS category_orders
FROM scope
WHERE original_category IS NOT NULL AND category IS NOT NULL
GROUP BY trim(split_part(original_category, '/', 1)), category
ORDER BY original_orders DESC, original, orders DESC, category
