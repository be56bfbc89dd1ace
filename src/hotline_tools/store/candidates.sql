-- What the store may know of the staged rows. The places in braces are filled by plan.py.

CREATE TEMP TABLE staged AS
SELECT order_id, ltrim(order_id, '0') AS id_core, order_key AS content_key, content_hash, received_at,
       row_number, seq, place, {state},
       coalesce(regexp_full_match(order_id, {number}), FALSE) AS damaged, {whole} AS whole
FROM read_parquet({keys});

CREATE TEMP TABLE counted_ids AS
SELECT order_id, count(*) AS orders, {tells} AND min(content_key) <> max(content_key) AS repeated, max(seq) AS only_seq
FROM staged WHERE NOT damaged AND order_id IS NOT NULL GROUP BY order_id;

CREATE TEMP TABLE ids AS               -- of rows that share an id and are one case, the latest state counts
SELECT i.order_id, i.orders, i.repeated, coalesce(latest.seq, i.only_seq) AS last_seq
FROM counted_ids AS i LEFT JOIN (
    SELECT order_id,
           arg_max(seq, (coalesce(finished, FALSE), withdrawn, reworks, coalesce(last_event, TIMESTAMP '0001-01-01'),
                         filled, seq)) AS seq
    FROM staged SEMI JOIN (SELECT order_id FROM counted_ids WHERE orders > 1) AS shared USING (order_id)
    WHERE NOT damaged GROUP BY order_id
) AS latest ON latest.order_id = i.order_id;

CREATE TEMP TABLE wanted AS            -- numbers compare several times as fast as texts, over all of the store
SELECT hash(id_core) AS digest FROM staged WHERE order_id IS NOT NULL
UNION SELECT hash(content_key) FROM staged;

CREATE TEMP TABLE nameless AS          -- of rows without an id to go by: the content alone can tell their order
SELECT hash(content_key) AS digest FROM staged
WHERE NOT whole OR order_id IN (SELECT order_id FROM ids WHERE repeated);

CREATE TEMP TABLE hits AS              -- rows of the store that may be the same orders, by few columns: those
                                       -- with an id by that alone, for the content does not make up for another
SELECT filename AS file, file_row_number AS place
FROM ({stored}) AS o
WHERE (source IN ({source}, {unknown}) OR {source} = {unknown})
  AND (hash(ltrim(order_id, '0')) IN (SELECT digest FROM wanted)
       OR CASE WHEN order_id IS NULL THEN hash(substr(content_hash, 1, 32)) END IN (SELECT digest FROM wanted)
       OR hash(substr(split_part(order_key, ':~', 2), 1, 32)) IN (SELECT digest FROM wanted)
       OR hash(substr(content_hash, 1, 32)) IN (SELECT digest FROM nameless));
