-- Weekly counts (week 0 is the newest) of seven families of series: all orders, each department, each {level}, category, subcategory,
-- category × {level}, subcategory × place. The test itself is in alerts/detection.py (Farrington-type quasi-Poisson on 7-day windows; Python).
SELECT 'total' AS family, '' AS category, '全部工单' AS item, CAST(NULL AS VARCHAR) AS area,
    week, count(*) AS orders
FROM history
GROUP BY week
UNION ALL
SELECT 'department' AS family, '' AS category, department AS item, CAST(NULL AS VARCHAR) AS area,
    week, count(*) AS orders
FROM history WHERE department IS NOT NULL
GROUP BY department, week
UNION ALL
SELECT 'region' AS family, '' AS category, {level} AS item, CAST(NULL AS VARCHAR) AS area,
    week, count(*) AS orders
FROM history WHERE {level} IS NOT NULL
GROUP BY {level}, week
UNION ALL
SELECT 'category' AS family, category, category AS item, CAST(NULL AS VARCHAR) AS area,
    week, count(*) AS orders
FROM history WHERE category IS NOT NULL
GROUP BY category, week
UNION ALL
SELECT 'subcategory' AS family, category, subcategory AS item, CAST(NULL AS VARCHAR) AS area,
    week, count(*) AS orders
FROM history WHERE category IS NOT NULL AND subcategory IS NOT NULL
GROUP BY category, subcategory, week
UNION ALL
SELECT 'area' AS family, category, category AS item, {level} AS area,
    week, count(*) AS orders
FROM history WHERE category IS NOT NULL AND {level} IS NOT NULL
GROUP BY category, {level}, week
UNION ALL
SELECT 'place' AS family, category, subcategory AS item, place AS area,
    week, count(*) AS orders
FROM history WHERE category IS NOT NULL AND subcategory IS NOT NULL AND place IS NOT NULL
GROUP BY category, subcategory, place, week
ORDER BY family, category, item, area, week
