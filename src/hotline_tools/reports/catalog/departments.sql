-- 考核指标：每个单位（或区县、镇街、社区）一行，另加合计一行（is_total = 1）。
-- 率的分子、分母各一列；分子只在分母之内计数，分母按自己的时间（in_…）归入时间段。事实全同的工单先合并计数（alike），再分单位与合计。
-- 库中有几个来源时，从不填写某率所需列的来源不进该率的分母（运行时按来源加上 covers_率名，Python）。
-- calendar 是工作日历，issue_orders 是重复诉求的工单。
WITH {facts},
{clocked},
units AS (
    {units}
),
alike AS (
    SELECT
        unit, status, satisfaction, resolved, is_answered, is_called_back,
        {keys},
        due_at IS NOT NULL AS is_due_given,
        due_by IS NOT NULL AS is_due_known,
        negative,
        closed_at IS NULL AND status = 'closed' AS is_closing_unknown,
        {carry_over},
        {untimed} AS is_untimed,
        count(*) AS orders
    FROM units
    GROUP BY ALL
),
judged AS (  -- 从回访结果看得出的事实
    SELECT {answers},
        {untimed_answers}
    FROM alike
),
counted AS (
    SELECT
        unit,
        grouping(unit) AS is_total,
        coalesce(CAST(sum(orders) FILTER (WHERE {in_received}) AS BIGINT), 0) AS orders,
        coalesce(CAST(sum(orders) AS BIGINT), 0) AS active,
        {flows},
        {rates},
        {flags},
        coalesce(CAST(sum(orders) FILTER (WHERE is_due_given AND {in_due}) AS BIGINT), 0) AS due_given,
        coalesce(CAST(sum(orders) FILTER (WHERE is_due_known AND {in_due}) AS BIGINT), 0) AS due_known,
        coalesce(CAST(sum(orders) FILTER (WHERE NOT is_due_known AND {in_received}) AS BIGINT), 0) AS due_unknown,
        coalesce(CAST(sum(orders) FILTER (WHERE is_untimed_answer AND {in_answered}) AS BIGINT), 0)
            AS untimed_answers,
        coalesce(CAST(sum(orders) FILTER (WHERE is_closing_unknown AND is_due_known AND {in_due}) AS BIGINT), 0)
            AS closings_unknown,
        coalesce(CAST(sum(orders) FILTER (WHERE negative AND {in_closed}) AS BIGINT), 0) AS negative_durations
    FROM judged
    GROUP BY GROUPING SETS ((unit), ())
),
timed_units AS (
    {timed_units}
),
durations AS (
    SELECT
        unit,
        grouping(unit) AS is_total,
        count(seconds) AS timed,
        median(seconds) / 3600.0 AS hours_median,
        avg(seconds) / 3600.0 AS hours_mean,
        round(percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds), 3) / 3600.0 AS hours_p90,
        median(working_seconds) / 3600.0 AS working_hours_median,
        avg(working_seconds) / 3600.0 AS working_hours_mean,
        round(percentile_cont(0.9) WITHIN GROUP (ORDER BY working_seconds), 3) / 3600.0 AS working_hours_p90
    FROM timed_units
    GROUP BY GROUPING SETS ((unit), ())
)
SELECT
    counted.*,
    timed, hours_median, hours_mean, hours_p90, working_hours_median, working_hours_mean, working_hours_p90,
    known.*
FROM counted
JOIN durations ON durations.is_total = counted.is_total AND durations.unit IS NOT DISTINCT FROM counted.unit
CROSS JOIN known
ORDER BY counted.is_total, counted.orders DESC, counted.unit
