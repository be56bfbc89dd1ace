-- The largest {item} of each {level}, with what a council needs to judge it. At least {least} orders.
WITH grouped AS (
    SELECT
        {level} AS unit, {item} AS item,
        max(place) AS place, max(category) AS category, max(subcategory) AS subcategory,
        count(*) AS orders,
        count(caller_key) AS with_caller, count(DISTINCT caller_key) AS callers,
        min(received_at) AS first_at, max(received_at) AS last_at,
        count(*) FILTER (WHERE received_at >= {middle}) AS later_half,
        count(*) FILTER (WHERE rated.dissatisfied_rate_numerator) AS dissatisfied_rate_numerator,
        count(*) FILTER (WHERE rated.dissatisfied_rate_denominator) AS dissatisfied_rate_denominator,
        count(*) FILTER (WHERE redos > 0) AS redone,
        count(*) FILTER (WHERE status = 'open') AS still_open
    FROM {orders} AS rated
    WHERE {level} IS NOT NULL AND {item} IS NOT NULL
    GROUP BY {level}, {item}
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY unit ORDER BY orders DESC, callers DESC, item) AS standing
    FROM grouped WHERE orders >= {least}
)
SELECT * FROM ranked WHERE standing <= {top} ORDER BY unit, standing
