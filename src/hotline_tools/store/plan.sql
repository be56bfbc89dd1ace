-- What becomes of each staged row. The places in braces are filled by plan.py.
-- A row that is a known order keeps its key; else it goes by its id when the id is whole, belongs to one
-- case in its file and to none in the store; else by its content.

INSERT INTO matched
SELECT place, order_key
FROM (
    SELECT *, row_number() OVER (PARTITION BY order_key ORDER BY likeness DESC, place) AS of_key
    FROM (
        SELECT *, row_number() OVER of_place AS of_row, count(*) OVER (PARTITION BY place) AS orders
        FROM verdicts WHERE same
        WINDOW of_place AS (PARTITION BY place ORDER BY likeness DESC, order_key)
    ) WHERE of_row = 1 AND (likeness > 0 OR orders = 1)  -- by the id alone: only if it is one order's
) WHERE of_key = 1;

CREATE TEMP TABLE known AS             -- the stored order of each row that has one
SELECT m.place AS staged_place, t.*
FROM matched AS m JOIN stored AS t ON t.order_key = m.order_key;

CREATE TEMP TABLE resolved AS
SELECT
    j.* EXCLUDE (damaged),
    in_file = 'id' AND j.seq <> j.last_seq AS earlier_of_same,
    known.order_key AS known_key,
    CASE
        WHEN known.order_key IS NOT NULL THEN known.origin
        WHEN in_file = 'id' AND j.seq = j.last_seq
             AND (taken.order_key IS NOT NULL OR owner.order_id IS NOT NULL) THEN 'content:repeated-id'
        ELSE in_file
    END AS origin
FROM judged AS j
LEFT JOIN known ON known.staged_place = j.place
LEFT JOIN stored AS taken ON taken.order_key = {source} || ':' || j.order_id
LEFT JOIN (SELECT DISTINCT order_id FROM stored WHERE source = {source}) AS owner
    ON owner.order_id = j.order_id;

CREATE TEMP TABLE numbers AS           -- the last number that a content key has in the store
SELECT substr(split_part(order_key, ':~', 2), 1, 32) AS content_key,
       max(coalesce(TRY_CAST(split_part(split_part(order_key, ':~', 2), '-', 2) AS INTEGER), 1)) AS last
FROM stored WHERE starts_with(order_key, {source} || ':~') GROUP BY 1;

CREATE TEMP TABLE keyed AS
SELECT * EXCLUDE (nth), CASE WHEN nth > 1 THEN stem || '-' || nth ELSE stem END AS order_key
FROM (
    SELECT r.*, {source} || ':~' || r.content_key AS stem,
           coalesce(n.last, 0) + row_number() OVER (PARTITION BY r.content_key ORDER BY r.seq) AS nth
    FROM resolved AS r LEFT JOIN numbers AS n ON n.content_key = r.content_key
    WHERE r.known_key IS NULL AND r.origin <> 'id'
)
UNION ALL
SELECT *, NULL, coalesce(known_key, {source} || ':' || order_id)
FROM resolved WHERE known_key IS NOT NULL OR origin = 'id';

CREATE TEMP TABLE plan AS
SELECT
    k.place, k.row_number, k.received_at, k.order_key, k.origin,
    CASE WHEN {source} = {unknown} THEN coalesce(t.source, {source}) ELSE {source} END AS source,
    coalesce(strftime(k.received_at, '%Y-%m'), 'unknown') AS month,
    CASE
        WHEN k.earlier_of_same THEN 'duplicate'
        WHEN t.order_key IS NULL THEN 'new'
        WHEN t.content_hash = k.content_hash THEN 'unchanged'
        ELSE 'updated'
    END AS action,
    k.in_file = 'id' AND k.origin = 'content:repeated-id' AND k.known_key IS NULL AS kept_apart,
    k.in_file = 'content:damaged-id' AS damaged,
    coalesce(k.received_at, t.received_at) IS NULL AS undated,
    coalesce(t.whole AND (NOT k.whole OR k.in_file = 'content:damaged-id'), FALSE)
        OR coalesce(k.id_core = t.id_core AND length(t.order_id) > length(k.order_id), FALSE) AS keeps_id,
    coalesce(k.whole AND k.in_file = 'id' AND NOT t.whole, FALSE) AS gives_id,
    coalesce(t.whole AND NOT k.whole, FALSE) AS told_by_content,
    coalesce(NOT k.earlier_of_same AND t.content_hash <> k.content_hash AND CASE
        WHEN t.import_id > {first_import} THEN TRUE  -- this very file was there before what the store has
        WHEN t.finished AND k.finished AND t.withdrawn <> k.withdrawn  -- withdrawn after all, without a time
            THEN t.withdrawn AND NOT coalesce(k.last_event > t.last_event, FALSE)
        WHEN t.finished AND NOT k.finished     -- finished in the store: unless it was taken up again
            THEN NOT (k.reworks > t.reworks OR coalesce(k.last_event > t.last_event, FALSE))
        WHEN k.finished AND NOT t.finished
            THEN t.reworks > k.reworks OR coalesce(t.last_event > k.last_event, FALSE)
        WHEN t.reworks <> k.reworks THEN t.reworks > k.reworks
        WHEN t.last_event IS DISTINCT FROM k.last_event
            THEN coalesce(t.last_event > k.last_event, k.last_event IS NULL)
        ELSE t.filled > k.filled
    END, FALSE) AS older,
    t.file AS old_file,
    t.place AS old_place
FROM keyed AS k LEFT JOIN known AS t ON t.staged_place = k.place;
