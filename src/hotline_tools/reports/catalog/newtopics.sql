-- 归不进现有类别的工单：未归类、归为“其他”，或分类器没有把握
SELECT order_key, coalesce(order_id, order_key) AS order_id, received_at, title, content,
    street, community, category, subcategory,
    (category IS NULL OR category = '其他') AS fits_nothing
FROM scope
WHERE category IS NULL OR category = '其他' OR needs_review
ORDER BY order_key
