-- What each grid and each grid worker found. Units are those of all orders in the store, so that one
-- without findings in the period still has a row; orders are counted where the filters let them through.
WITH units AS (
    SELECT 'grid' AS kind, grid AS unit, max(community) AS community, max(street) AS street
    FROM whole WHERE grid IS NOT NULL GROUP BY grid
    UNION ALL
    SELECT 'worker' AS kind, reporter AS unit, max(community) AS community, max(street) AS street
    FROM whole WHERE reporter IS NOT NULL GROUP BY reporter
),
found AS (
    SELECT 'grid' AS kind, grid AS unit, count(*) AS orders,
        count(*) FILTER (WHERE {kind} = 'proactive') AS proactive,
        count(*) FILTER (WHERE {kind} = 'reactive') AS reactive,
        max(received_at) FILTER (WHERE {kind} = 'proactive') AS last_found_at
    FROM scope WHERE grid IS NOT NULL GROUP BY grid
    UNION ALL
    SELECT 'worker' AS kind, reporter AS unit, count(*) AS orders,
        count(*) FILTER (WHERE {kind} = 'proactive') AS proactive,
        count(*) FILTER (WHERE {kind} = 'reactive') AS reactive,
        max(received_at) FILTER (WHERE {kind} = 'proactive') AS last_found_at
    FROM scope WHERE reporter IS NOT NULL GROUP BY reporter
)
SELECT
    units.kind AS kind, units.unit AS unit, units.community AS community, units.street AS street,
    coalesce(found.orders, 0) AS orders,
    coalesce(found.proactive, 0) AS proactive,
    coalesce(found.reactive, 0) AS reactive,
    found.last_found_at AS last_found_at
FROM units LEFT JOIN found ON units.kind = found.kind AND units.unit = found.unit
ORDER BY kind, proactive, reactive DESC, unit
