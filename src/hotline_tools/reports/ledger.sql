-- 建账 opened, 销账 cleared, 晒账 public (an answer is recorded), 结账 settled with satisfaction;
-- and how cleared orders were disposed of. Per {unit}.
SELECT
    {unit} AS unit,
    count(*) AS opened,
    count(*) FILTER (WHERE {cleared}) AS cleared,
    count(*) FILTER (WHERE reply IS NOT NULL) AS public,
    count(*) FILTER (WHERE {cleared} AND satisfaction IN ({satisfied})) AS settled,
    count(*) FILTER (WHERE {cleared} AND satisfaction IN ('satisfied', 'basically', 'dissatisfied')) AS rated,
    count(*) FILTER (WHERE {cleared} AND co_departments IS NOT NULL) AS joint,
    count(*) FILTER (WHERE {cleared} AND co_departments IS NULL AND handling_hours <= {instant}) AS instant,
    count(*) FILTER (WHERE {cleared} AND co_departments IS NULL AND handling_hours > {instant}) AS timed
FROM {source}
WHERE {dated}
GROUP BY {unit}
ORDER BY unit
