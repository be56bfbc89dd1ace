-- What becomes of each staged row. The places in braces are filled by plan.py.
-- A row goes by its id when the id is whole and, in its file, belongs to one case; else by its content.

CREATE TEMP TABLE stored AS            -- rows of the store that may be the same orders
SELECT order_key, order_id, order_key_origin AS origin, content_hash, received_at,
       filename AS file, file_row_number AS place
FROM ({stored}) AS o
WHERE source = {source}
  AND (order_id IN (SELECT order_id FROM staged WHERE order_id IS NOT NULL)
       OR substr(content_hash, 1, 32) IN (SELECT content_key FROM staged));

CREATE TEMP TABLE judged AS
SELECT
    s.*,
    i.last_seq,
    CASE
        WHEN s.order_id IS NULL THEN 'content:no-id'
        WHEN s.damaged OR {column_damaged} THEN 'content:damaged-id'
        WHEN i.repeated THEN 'content:repeated-id'
        ELSE 'id'
    END AS in_file
FROM staged AS s LEFT JOIN ids AS i ON s.order_id = i.order_id;

CREATE TEMP TABLE firsts AS            -- of rows that share id and content, the first
SELECT min(seq) AS seq FROM judged WHERE in_file = 'content:repeated-id' GROUP BY order_id, content_key;

CREATE TEMP TABLE resolved AS          -- what the store knows about the id has the last word
SELECT
    j.* EXCLUDE (in_file, damaged),
    CASE
        WHEN in_file = 'id' AND known.order_id IS NOT NULL THEN 'content:repeated-id'
        WHEN in_file = 'id'            -- the id was given to another case: other text, other day
             AND substr(owner.content_hash, 33, 16) <> substr(j.content_hash, 33, 16)
             AND abs(epoch(owner.received_at) - epoch(j.received_at)) > 86400 THEN 'content:repeated-id'
        WHEN in_file = 'content:repeated-id' AND substr(owner.content_hash, 1, 32) = j.content_key
             AND j.seq IN (SELECT seq FROM firsts) THEN 'id'
        ELSE in_file
    END AS origin,
    in_file = 'id' AND j.seq <> j.last_seq AS earlier_of_same
FROM judged AS j
LEFT JOIN (SELECT * FROM stored WHERE origin = 'id') AS owner ON owner.order_id = j.order_id
LEFT JOIN (
    SELECT DISTINCT order_id, substr(content_hash, 1, 32) AS content_key
    FROM stored WHERE origin = 'content:repeated-id'
) AS known ON known.order_id = j.order_id AND known.content_key = j.content_key;

CREATE TEMP TABLE keyed AS
SELECT place, seq, row_number, received_at, content_hash, origin,
       earlier_of_same, {source} || ':' || order_id AS order_key
FROM resolved WHERE origin = 'id'
UNION ALL
SELECT place, seq, row_number, received_at, content_hash, origin, FALSE,
       {source} || ':~' || content_key || CASE WHEN nth > 1 THEN '-' || nth ELSE '' END
FROM (SELECT *, row_number() OVER (PARTITION BY content_key ORDER BY seq) AS nth
      FROM resolved WHERE origin <> 'id');

CREATE TEMP TABLE plan AS
SELECT
    k.place, k.row_number, k.received_at, k.order_key, k.origin,
    coalesce(strftime(k.received_at, '%Y-%m'), 'unknown') AS month,
    CASE
        WHEN k.earlier_of_same THEN 'duplicate'
        WHEN t.order_key IS NULL THEN 'new'
        WHEN t.content_hash = k.content_hash THEN 'unchanged'
        ELSE 'updated'
    END AS action,
    t.file AS old_file,
    t.place AS old_place
FROM keyed AS k LEFT JOIN stored AS t ON t.order_key = k.order_key;
