-- What the store may know of the staged rows. The places in braces are filled by plan.py.

CREATE TEMP TABLE staged AS
SELECT order_id, ltrim(order_id, '0') AS id_core, order_key AS content_key, content_hash, received_at,
       row_number, seq, place, {state},
       coalesce(regexp_full_match(order_id, '[0-9]+([.][0-9]+)?[eE][+]?[0-9]+'), FALSE) AS damaged
FROM read_parquet({keys});

CREATE TEMP TABLE ids AS               -- of rows that share an id and are one case, the latest state counts
SELECT order_id, count(*) AS orders, min(content_key) <> max(content_key) AS repeated,
       arg_max(seq, (coalesce(finished, FALSE), reworks, coalesce(last_event, TIMESTAMP '0001-01-01'),
                     filled, seq)) AS last_seq
FROM staged WHERE NOT damaged AND order_id IS NOT NULL GROUP BY order_id;

CREATE TEMP TABLE stored AS            -- rows of the store that may be the same orders
SELECT order_key, order_id, ltrim(order_id, '0') AS id_core, order_key_origin AS origin, source, content_hash,
       substr(content_hash, 1, 32) AS content_key, received_at, {state},
       filename AS file, file_row_number AS place
FROM ({stored}) AS o
WHERE (source IN ({source}, {unknown}) OR {source} = {unknown})
  AND (ltrim(order_id, '0') IN (SELECT id_core FROM staged WHERE order_id IS NOT NULL)
       OR substr(content_hash, 1, 32) IN (SELECT content_key FROM staged)
       OR substr(split_part(order_key, ':~', 2), 1, 32) IN (SELECT content_key FROM staged));
