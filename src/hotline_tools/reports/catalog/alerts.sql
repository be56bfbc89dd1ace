-- Daily counts of four families of series: category, subcategory, category × {level}, subcategory × place.
-- The test itself is in outbreaks.py (Farrington-type quasi-Poisson on 7-day windows; Python).
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
