-- 建账 opened, 销账 cleared, 晒账 public (an answer is recorded), 结账 settled with satisfaction;
-- and how cleared orders were disposed of. Per {unit}; with_COLUMN: how many orders fill the column. Orders that
-- are alike are counted once first. The _base of a rate leaves out sources that never fill what it needs.
WITH alike AS (
    SELECT
        {unit} AS unit,
        {cleared} AS is_cleared,
        {covers_cleared} AS covers_cleared,
        {covers_public} AS covers_public,
        received_at IS NOT NULL AS has_received_at,
        closed_at IS NOT NULL AS has_closed_at,
        status <> 'unknown' AS has_status,
        reply IS NOT NULL AS is_public,
        co_departments IS NOT NULL AS is_joint,
        handling_hours <= {instant} AS is_instant,
        satisfaction,
        count(*) AS orders
    FROM {source}
    GROUP BY ALL
)
SELECT
    unit,
    CAST(sum(orders) AS BIGINT) AS opened,
    CAST(sum(CASE WHEN is_cleared THEN orders ELSE 0 END) AS BIGINT) AS cleared,
    CAST(sum(CASE WHEN is_public THEN orders ELSE 0 END) AS BIGINT) AS public,
    CAST(sum(CASE WHEN covers_cleared THEN orders ELSE 0 END) AS BIGINT) AS cleared_base,
    CAST(sum(CASE WHEN covers_public THEN orders ELSE 0 END) AS BIGINT) AS public_base,
    CAST(sum(CASE WHEN is_cleared AND satisfaction IN ({satisfied}) THEN orders ELSE 0 END) AS BIGINT) AS settled,
    CAST(sum(CASE WHEN is_cleared AND satisfaction IN ('satisfied', 'basically', 'dissatisfied')
        THEN orders ELSE 0 END) AS BIGINT) AS rated,
    CAST(sum(CASE WHEN is_cleared AND is_joint THEN orders ELSE 0 END) AS BIGINT) AS joint,
    CAST(sum(CASE WHEN is_cleared AND NOT is_joint AND is_instant THEN orders ELSE 0 END) AS BIGINT) AS instant,
    CAST(sum(CASE WHEN is_cleared AND NOT is_joint AND NOT is_instant THEN orders ELSE 0 END) AS BIGINT) AS timed,
    CAST(sum(CASE WHEN has_received_at THEN orders ELSE 0 END) AS BIGINT) AS with_received_at,
    CAST(sum(CASE WHEN has_closed_at THEN orders ELSE 0 END) AS BIGINT) AS with_closed_at,
    CAST(sum(CASE WHEN has_status THEN orders ELSE 0 END) AS BIGINT) AS with_status,
    CAST(sum(CASE WHEN satisfaction <> 'unrated' THEN orders ELSE 0 END) AS BIGINT) AS with_satisfaction,
    CAST(sum(CASE WHEN is_joint THEN orders ELSE 0 END) AS BIGINT) AS with_co_departments,
    CAST(sum(CASE WHEN is_instant IS NOT NULL THEN orders ELSE 0 END) AS BIGINT) AS with_handling_hours
FROM alike
GROUP BY unit
ORDER BY unit
