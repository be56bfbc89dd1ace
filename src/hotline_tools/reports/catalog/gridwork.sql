-- What each grid and each grid worker found. A name is a grid or a worker only within its community: the same
-- name elsewhere is another; a worker without a community is told by the grid. Units are those of all orders in
-- the store, so that one without findings in the period still has a row; orders are counted where the filters let
-- them through.
WITH units AS (
    SELECT DISTINCT 'grid' AS kind, grid AS unit, CAST(NULL AS VARCHAR) AS within, community, street, district
    FROM whole WHERE grid IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'worker' AS kind, reporter AS unit, CASE WHEN community IS NULL THEN grid END AS within,
        community, street, district
    FROM whole WHERE reporter IS NOT NULL
),
orders_of AS (
    SELECT 'grid' AS kind, grid AS unit, CAST(NULL AS VARCHAR) AS within, community, street, district,
        {kind} AS found_by, received_at
    FROM scope WHERE grid IS NOT NULL
    UNION ALL
    SELECT 'worker' AS kind, reporter AS unit, CASE WHEN community IS NULL THEN grid END AS within,
        community, street, district, {kind} AS found_by, received_at
    FROM scope WHERE reporter IS NOT NULL
),
found AS (
    SELECT kind, unit, within, community, street, district, count(*) AS orders,
        count(*) FILTER (WHERE found_by = 'proactive') AS proactive,
        count(*) FILTER (WHERE found_by = 'reactive') AS reactive,
        max(received_at) FILTER (WHERE found_by = 'proactive') AS last_found_at
    FROM orders_of GROUP BY kind, unit, within, community, street, district
)
SELECT
    u.kind AS kind, u.unit AS unit, u.within AS within, u.community AS community, u.street AS street,
    u.district AS district,
    coalesce(f.orders, 0) AS orders,
    coalesce(f.proactive, 0) AS proactive,
    coalesce(f.reactive, 0) AS reactive,
    f.last_found_at AS last_found_at
FROM units AS u LEFT JOIN found AS f ON f.kind = u.kind AND f.unit = u.unit
    AND f.within IS NOT DISTINCT FROM u.within AND f.community IS NOT DISTINCT FROM u.community
    AND f.street IS NOT DISTINCT FROM u.street AND f.district IS NOT DISTINCT FROM u.district
ORDER BY kind, proactive, reactive DESC, unit, street, community, district, within
