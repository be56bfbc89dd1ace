-- One row a unit of each level: at which level its orders were settled, flow and disputes.
SELECT
    {which} AS level,
    {unit} AS unit,
    {parent} AS parent,
    count(*) AS orders,
    count(*) FILTER (WHERE {closed} AND {settled} = 'grid') AS settled_grid,
    count(*) FILTER (WHERE {closed} AND {settled} = 'community') AS settled_community,
    count(*) FILTER (WHERE {closed} AND {settled} = 'street') AS settled_street,
    count(*) FILTER (WHERE {closed} AND {settled} = 'district') AS settled_district,
    count(*) FILTER (WHERE {closed}) AS closed,
    count(*) FILTER (WHERE dispatched_at IS NOT NULL OR department IS NOT NULL OR {closed}) AS flowed,
    count(*) FILTER (WHERE {dispute}) AS disputes,
    count(*) FILTER (WHERE {dispute} AND {closed} AND coalesce(resolved, 'unknown') <> 'no') AS disputes_settled
FROM (SELECT *, {inner} FROM scope) AS o
GROUP BY GROUPING SETS ({sets})
ORDER BY orders DESC, unit
