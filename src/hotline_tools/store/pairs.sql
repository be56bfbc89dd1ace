-- Which staged rows surely are known orders, and which pairs their values must decide (see evidence.py).

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

CREATE TEMP TABLE matched AS           -- the same id (or none) and the same content: one by one
SELECT s.place, t.order_key
FROM (
    SELECT *, row_number() OVER (PARTITION BY order_id, content_key ORDER BY seq) AS nth
    FROM judged WHERE in_file <> 'id' OR seq = last_seq
) AS s JOIN (
    SELECT *, row_number() OVER (
        PARTITION BY order_id, content_key
        ORDER BY origin = 'id' DESC, source = {source} DESC, length(order_key), order_key) AS nth
    FROM stored
) AS t ON s.order_id IS NOT DISTINCT FROM t.order_id AND s.content_key = t.content_key AND s.nth = t.nth;

INSERT INTO matched                    -- the same content, where one of the two has no id to go by, and as many
SELECT s.place, t.order_key            -- are left of it on both sides
FROM (
    SELECT place, content_key, count(*) OVER of_content AS alike,
           row_number() OVER (PARTITION BY content_key ORDER BY seq) AS nth,
           bool_or(NOT whole OR in_file IN ('content:no-id', 'content:damaged-id')) OVER of_content AS nameless
    FROM judged
    WHERE (in_file <> 'id' OR seq = last_seq) AND place NOT IN (SELECT place FROM matched)
    WINDOW of_content AS (PARTITION BY content_key)
) AS s JOIN (
    SELECT order_key, content_key, count(*) OVER of_content AS alike,
           row_number() OVER (PARTITION BY content_key ORDER BY order_key) AS nth,
           bool_or(NOT whole) OVER of_content AS nameless
    FROM stored WHERE order_key NOT IN (SELECT order_key FROM matched)
    WINDOW of_content AS (PARTITION BY content_key)
) AS t ON t.content_key = s.content_key AND t.alike = s.alike AND t.nth = s.nth
WHERE s.nameless OR t.nameless;

CREATE TEMP TABLE pairs AS             -- the same id and other content, or the same but for leading zeros
SELECT s.place, t.order_key, t.file AS old_file, t.place AS old_place,
       s.in_file <> 'id' OR t.source <> {source} OR s.order_id <> t.order_id AS needs_agreement
FROM judged AS s JOIN stored AS t ON s.id_core = t.id_core
WHERE s.in_file IN ('id', 'content:repeated-id') AND (s.in_file <> 'id' OR s.seq = s.last_seq)
  AND s.place NOT IN (SELECT place FROM matched) AND t.order_key NOT IN (SELECT order_key FROM matched)
  AND (t.content_key <> s.content_key OR t.order_id <> s.order_id);

CREATE TEMP TABLE verdicts (place BIGINT, order_key VARCHAR, same BOOLEAN, likeness DOUBLE);
