-- 考核指标：每个单位（或区县、镇街、社区）一行，另加合计一行（is_total = 1）。
-- 率的分子、分母各一列；分子只在分母之内计数。calendar 是工作日历，issue_orders 是重复诉求的工单。
WITH {facts},
units AS (
    {units}
),
counted AS (
    SELECT
        unit,
        grouping(unit) AS is_total,
        count(*) AS orders,
        {rates},
        {flags}count(due_at) AS due_given,
        count(due_by) AS due_known,
        count(*) FILTER (WHERE {untimed}) AS untimed_answers,
        count(*) FILTER (WHERE negative) AS negative_durations,
        count(seconds) AS timed,
        median(seconds) / 3600.0 AS hours_median,
        avg(seconds) / 3600.0 AS hours_mean,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds) / 3600.0 AS hours_p90,
        median(working_seconds) / 3600.0 AS working_hours_median,
        avg(working_seconds) / 3600.0 AS working_hours_mean,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY working_seconds) / 3600.0 AS working_hours_p90
    FROM units
    GROUP BY GROUPING SETS ((unit), ())
)
SELECT counted.*, known.*
FROM counted
CROSS JOIN known
ORDER BY is_total, orders DESC, unit
