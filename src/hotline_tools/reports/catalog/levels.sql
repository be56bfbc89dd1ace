-- One row a unit of each level (the same name under two parents is two units): at which level its orders were
-- settled, in the period of their closing; flow and disputes of the orders received. Orders that are alike are
-- counted once first, then rolled up. with_COLUMN: how many orders fill the column. The _base of a rate leaves out
-- sources that never fill what it needs.
WITH disputed AS (
    SELECT order_key FROM orders WHERE {disputed}
),
alike AS (
    SELECT
        {levels},
        received_in_period,
        closed_in_period,
        closed_by_moment,
        {settled} AS settled,
        is_dispatched OR closed_by_moment AS is_flowed,
        coalesce({original}, FALSE) OR order_key IN (SELECT order_key FROM disputed) AS is_dispute,
        NOT is_unresolved AS is_not_refused,
        {covers_flow} AS covers_flow,
        {covers_disputes} AS covers_disputes,
        handling_level IS NOT NULL AS has_handling_level,
        closed_at IS NOT NULL AS has_closed_at,
        status <> 'unknown' AS has_status,
        dispatched_at IS NOT NULL AS has_dispatched_at,
        department IS NOT NULL AS has_department,
        count(*) AS orders
    FROM {orders} AS rated
    GROUP BY ALL
)
SELECT
    {which} AS level,
    {unit} AS unit,
    {parent} AS parent,
    {above} AS above,
    {path} AS path,
    CAST(sum(CASE WHEN received_in_period THEN orders ELSE 0 END) AS BIGINT) AS orders,
    CAST(sum(CASE WHEN closed_in_period AND settled = 'grid' THEN orders ELSE 0 END) AS BIGINT) AS settled_grid,
    CAST(sum(CASE WHEN closed_in_period AND settled = 'community' THEN orders ELSE 0 END) AS BIGINT) AS settled_community,
    CAST(sum(CASE WHEN closed_in_period AND settled = 'street' THEN orders ELSE 0 END) AS BIGINT) AS settled_street,
    CAST(sum(CASE WHEN closed_in_period AND settled = 'district' THEN orders ELSE 0 END) AS BIGINT) AS settled_district,
    CAST(sum(CASE WHEN closed_in_period THEN orders ELSE 0 END) AS BIGINT) AS closed,
    CAST(sum(CASE WHEN received_in_period AND is_flowed AND covers_flow THEN orders ELSE 0 END) AS BIGINT) AS flowed,
    CAST(sum(CASE WHEN received_in_period AND covers_flow THEN orders ELSE 0 END) AS BIGINT) AS flow_base,
    CAST(sum(CASE WHEN received_in_period AND is_dispute THEN orders ELSE 0 END) AS BIGINT) AS disputes,
    CAST(sum(CASE WHEN received_in_period AND is_dispute AND covers_disputes THEN orders ELSE 0 END) AS BIGINT) AS disputes_base,
    CAST(sum(CASE WHEN received_in_period AND is_dispute AND closed_by_moment AND is_not_refused AND covers_disputes
        THEN orders ELSE 0 END) AS BIGINT)
        AS disputes_settled,
    CAST(sum(CASE WHEN has_handling_level THEN orders ELSE 0 END) AS BIGINT) AS with_handling_level,
    CAST(sum(CASE WHEN has_closed_at THEN orders ELSE 0 END) AS BIGINT) AS with_closed_at,
    CAST(sum(CASE WHEN has_status THEN orders ELSE 0 END) AS BIGINT) AS with_status,
    CAST(sum(CASE WHEN has_dispatched_at THEN orders ELSE 0 END) AS BIGINT) AS with_dispatched_at,
    CAST(sum(CASE WHEN has_department THEN orders ELSE 0 END) AS BIGINT) AS with_department
FROM alike AS o
GROUP BY GROUPING SETS ({sets})
ORDER BY orders DESC, path, unit
