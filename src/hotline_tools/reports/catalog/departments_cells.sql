-- 各单位的计数，分别按类别、按时间（周或日）细分：标准化率与离散程度由此算出。
-- calendar 是工作日历，issue_orders 是重复诉求的工单。
WITH {facts},
units AS (
    {units}
),
placed AS (
    SELECT
        units.*,
        {label} AS placed_category,
        date_trunc({step}, units.received_at) AS step
    FROM units{labels}
)
SELECT
    unit,
    placed_category AS category,
    step,
    grouping(step) AS is_category,
    {rates}
FROM placed
GROUP BY GROUPING SETS ((unit, step), (unit, placed_category))
ORDER BY unit, category, step, is_category
