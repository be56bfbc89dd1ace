-- Daily counts of seven families of series: all orders, each department, each {level}, category, subcategory,
-- category × {level}, subcategory × place. The test itself is in alerts/detection.py (Farrington-type quasi-Poisson on 7-day windows; Python).
SELECT 'total' AS family, '' AS category, '全部工单' AS item, CAST(NULL AS VARCHAR) AS area,
    CAST(received_at AS DATE) AS day, count(*) AS orders
FROM history
GROUP BY CAST(received_at AS DATE)
UNION ALL
SELECT 'department' AS family, '' AS category, department AS item, CAST(NULL AS VARCHAR) AS area,
    CAST(received_at AS DATE) AS day, count(*) AS orders
FROM history WHERE department IS NOT NULL
GROUP BY department, CAST(received_at AS DATE)
UNION ALL
SELECT 'region' AS family, '' AS category, {level} AS item, CAST(NULL AS VARCHAR) AS area,
    CAST(received_at AS DATE) AS day, count(*) AS orders
FROM history WHERE {level} IS NOT NULL
GROUP BY {level}, CAST(received_at AS DATE)
UNION ALL
SELECT 'category' AS family, category, category AS item, CAST(NULL AS VARCHAR) AS area,
    CAST(received_at AS DATE) AS day, count(*) AS orders
FROM history WHERE category IS NOT NULL
GROUP BY category, CAST(received_at AS DATE)
UNION ALL
SELECT 'subcategory' AS family, category, subcategory AS item, CAST(NULL AS VARCHAR) AS area,
    CAST(received_at AS DATE) AS day, count(*) AS orders
FROM history WHERE category IS NOT NULL AND subcategory IS NOT NULL
GROUP BY category, subcategory, CAST(received_at AS DATE)
UNION ALL
SELECT 'area' AS family, category, category AS item, {level} AS area,
    CAST(received_at AS DATE) AS day, count(*) AS orders
FROM history WHERE category IS NOT NULL AND {level} IS NOT NULL
GROUP BY category, {level}, CAST(received_at AS DATE)
UNION ALL
SELECT 'place' AS family, category, subcategory AS item, place AS area,
    CAST(received_at AS DATE) AS day, count(*) AS orders
FROM history WHERE category IS NOT NULL AND subcategory IS NOT NULL AND place IS NOT NULL
GROUP BY category, subcategory, place, CAST(received_at AS DATE)
ORDER BY family, category, item, area, day
