-- Whether two rows with the same id are one case, and how alike their texts are (0-1).
-- Columns of the new row and, with old_ before their names, of the stored one.
-- Telephones and numbers of other orders in the texts are left out: they may be masked or not.
-- Of long texts the first 300 characters are compared.
-- The less the times speak for one case, the more alike the texts must be.

SELECT
    place, order_key, coalesce(likeness, 0.0) AS likeness,
    coalesce(verdict AND (NOT needs_agreement OR likeness >= 0.5 OR same_moment OR id_alone), FALSE) AS same
FROM (
    SELECT
        *,
        CASE
            WHEN same_moment AND caller_key = old_caller_key THEN TRUE
            WHEN serial AND other_day THEN FALSE
            WHEN other_area AND NOT same_moment AND (serial OR likeness IS NULL OR likeness < 1) THEN FALSE
            WHEN likeness IS NULL THEN NOT other_day
            WHEN months_apart AND caller_key IS DISTINCT FROM old_caller_key THEN FALSE
            WHEN text = old_text THEN TRUE
            WHEN other_day THEN FALSE
            WHEN serial THEN likeness >= 0.9 AND NOT other_numbers
            WHEN same_moment AND (title = old_title OR least(length(text), length(old_text)) < 6) THEN TRUE
            WHEN same_moment THEN likeness >= CASE WHEN other_unit THEN 0.8 ELSE 0.5 END
            WHEN other_numbers THEN FALSE
            WHEN other_unit THEN likeness >= 0.95
            ELSE likeness >= CASE WHEN other_moment THEN 0.9 ELSE 0.8 END
        END AS verdict
    FROM (
        SELECT
            *,
            CASE
                WHEN text = '' THEN NULL
                WHEN text = old_text THEN 1.0
                ELSE len(list_intersect(bigrams, old_bigrams))
                     / greatest(1, least(len(bigrams), len(old_bigrams)))
            END AS likeness,
            NOT list_has_all(numbers, old_numbers) AND NOT list_has_all(old_numbers, numbers) AS other_numbers
        FROM (
            SELECT
                *,
                list_distinct([words[i : i + 1] FOR i IN range(1, greatest(2, length(words)))]) AS bigrams,
                list_distinct([old_words[i : i + 1] FOR i IN range(1, greatest(2, length(old_words)))])
                    AS old_bigrams,
                regexp_extract_all(words, '[0-9]+') AS numbers,
                regexp_extract_all(old_words, '[0-9]+') AS old_numbers
            FROM (SELECT *, regexp_replace(left(text, 300), '[0-9*-]{6,}', '', 'g') AS words,
                         regexp_replace(left(old_text, 300), '[0-9*-]{6,}', '', 'g') AS old_words FROM (
                SELECT
                    *,
                    concat(CASE WHEN old_title IS NOT NULL THEN title END,
                           CASE WHEN old_content IS NOT NULL THEN content END) AS text,
                    concat(CASE WHEN title IS NOT NULL THEN old_title END,
                           CASE WHEN content IS NOT NULL THEN old_content END) AS old_text,
                    coalesce(received_at = old_received_at AND received_at::DATE <> received_at, FALSE)
                        AS same_moment,
                    coalesce(received_at::DATE <> old_received_at::DATE, FALSE) AS other_day,
                    coalesce(abs(date_diff('day', received_at, old_received_at)) > 60, FALSE) AS months_apart,
                    coalesce(received_at <> old_received_at
                             AND received_at::DATE <> received_at
                             AND old_received_at::DATE <> old_received_at, FALSE) AS other_moment,
                    coalesce(NOT contains(district, old_district)
                             AND NOT contains(old_district, district), FALSE) AS other_area,
                    coalesce(department <> old_department, FALSE) AS other_unit,
                    regexp_full_match(order_id, '[0-9]{1,4}') AS serial,
                    -- a list of ids and states, which says nothing else to go by
                    order_id = old_order_id AND length(order_id) >= 8
                        AND (title IS NULL AND content IS NULL AND received_at IS NULL
                             OR old_title IS NULL AND old_content IS NULL AND old_received_at IS NULL) AS id_alone
                FROM pair
            ))
        )
    )
)
