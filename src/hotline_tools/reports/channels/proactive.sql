-- Found by grid workers, neighbourhood apps and patrols (proactive) against called or written in (reactive).
SELECT
    {level} AS unit,
    count(*) AS orders,
    count(*) FILTER (WHERE {kind} = 'proactive') AS proactive,
    count(*) FILTER (WHERE {kind} = 'reactive') AS reactive,
    count(DISTINCT CASE WHEN {kind} = 'proactive' THEN reporter END) AS reporters
FROM scope
GROUP BY {level}
ORDER BY unit IS NULL, orders DESC, unit
