-- The rows of the store that may be the same orders, with what is compared. The places in braces are filled by
-- plan.py; the files are those that have any.

CREATE TEMP TABLE stored AS
SELECT order_key, order_id, ltrim(order_id, '0') AS id_core, order_key_origin AS origin, source, content_hash,
       {whole} AS whole, substr(content_hash, 1, 32) AS content_key, received_at, import_id, {state},
       filename AS file, file_row_number AS place
FROM ({stored}) AS o
SEMI JOIN hits ON hits.file = o.filename AND hits.place = o.file_row_number;
