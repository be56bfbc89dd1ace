-- 归不进现有类别的工单：未归类、归为“其他”，或分类器没有把握；太多时按编号均匀抽取，doubtful 是全部件数
WITH doubtful AS (
    SELECT order_key,
        row_number() OVER (ORDER BY order_key) AS place,
        count(*) OVER () AS doubtful
    FROM scope
    WHERE category IS NULL OR category = '其他' OR needs_review
)
SELECT scope.order_key, coalesce(scope.order_id, scope.order_key) AS order_id, scope.received_at,
    scope.title, scope.content, scope.street, scope.community, scope.category, scope.subcategory,
    (scope.category IS NULL OR scope.category = '其他') AS fits_nothing,
    doubtful.doubtful
FROM scope JOIN doubtful ON scope.order_key = doubtful.order_key
-- of every so many one, so that at most {most} are read
WHERE (doubtful.place - 1) % greatest(1, CAST(ceil(doubtful.doubtful / {most}) AS BIGINT)) = 0
ORDER BY scope.order_key
