-- The largest {item} of each {level}, with what a council needs to judge it. At least {least} orders.
WITH grouped AS (
    SELECT
        {level} AS unit, {item} AS item,
        max(place) FILTER (WHERE received_in_period) AS place,
        max(category) FILTER (WHERE received_in_period) AS category,
        max(subcategory) FILTER (WHERE received_in_period) AS subcategory,
        count(*) FILTER (WHERE received_in_period) AS orders,
        count(caller_key) FILTER (WHERE received_in_period) AS with_caller,
        count(DISTINCT caller_key) FILTER (WHERE received_in_period) AS callers,
        min(received_at) FILTER (WHERE received_in_period) AS first_at,
        max(received_at) FILTER (WHERE received_in_period) AS last_at,
        count(*) FILTER (WHERE received_in_period AND received_at >= {middle}) AS later_half,
        count(*) FILTER (WHERE rated.dissatisfied_rate_numerator) AS dissatisfied_rate_numerator,
        count(*) FILTER (WHERE rated.dissatisfied_rate_denominator) AS dissatisfied_rate_denominator,
        count(*) FILTER (WHERE received_in_period AND redos > 0) AS redone,
        count(*) FILTER (WHERE received_in_period AND open_at_moment) AS still_open
    FROM {orders} AS rated
    WHERE {level} IS NOT NULL AND {item} IS NOT NULL
    GROUP BY {level}, {item}
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY unit ORDER BY orders DESC, callers DESC, item) AS standing
    FROM grouped WHERE orders >= {least}
)
SELECT * FROM ranked WHERE standing <= {top} ORDER BY unit, standing
