-- Orders per step by received time; the row without a start holds the undated. Steps without orders are
-- added as zeros afterwards (Python). Grouped by what is cheap to compute first.
WITH counted AS (
    SELECT {moment} AS moment, {series} AS series, {orders} AS orders
    FROM scope
    GROUP BY {moment}, {series}
)
SELECT
    CAST(date_trunc({unit}, moment) AS DATE) AS start,
    series,
    CAST(sum(orders) AS BIGINT) AS orders
FROM counted
GROUP BY CAST(date_trunc({unit}, moment) AS DATE), series
ORDER BY start, series
