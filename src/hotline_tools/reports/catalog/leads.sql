-- Issues that came in both ways, with the first order of each kind; earlier by whom, and by how long.
WITH kinds AS (
    SELECT issue_id, received_at, channel, place, community, subcategory, order_id, caller_key, {kind} AS kind
    FROM issued WHERE received_at IS NOT NULL
),
firsts AS (
    SELECT
        issue_id,
        max(place) AS place, max(community) AS community, max(subcategory) AS subcategory,
        min(received_at) FILTER (WHERE kind = 'proactive') AS found_at,
        min(received_at) FILTER (WHERE kind = 'reactive') AS called_at,
        count(*) FILTER (WHERE kind = 'proactive') AS found,
        count(*) FILTER (WHERE kind = 'reactive') AS called
    FROM kinds GROUP BY issue_id
)
SELECT
    f.issue_id AS issue_id, f.place AS place, f.community AS community, f.subcategory AS subcategory,
    f.found_at AS found_at, f.called_at AS called_at, f.found AS found, f.called AS called,
    (SELECT min(k.channel) FROM kinds AS k
        WHERE k.issue_id = f.issue_id AND k.kind = 'proactive' AND k.received_at = f.found_at) AS found_channel,
    (SELECT min(k.channel) FROM kinds AS k
        WHERE k.issue_id = f.issue_id AND k.kind = 'reactive' AND k.received_at = f.called_at) AS called_channel,
    (epoch(f.called_at) - epoch(f.found_at)) / 3600.0 AS lead_hours
FROM firsts AS f
WHERE f.found > 0 AND f.called > 0
    AND abs(epoch(f.called_at) - epoch(f.found_at)) <= {days} * 86400
ORDER BY lead_hours DESC, issue_id
