"""The sheet of a review workbook that tells people how to fill it in, and who they are."""

from typing import Any

GUIDE_SHEET = "说明"
TAXONOMY_CELL, PERSON_CELL = "分类体系", "复核人"
_STEPS = (
    "1. 在本页“复核人”右边填上姓名或代号；不填则以文件名代替。",
    "2. 到“复核”页逐行阅读标题和内容，在黄色的“正确类别”列从下拉列表中选择。",
    "3. “正确子类”随类别变化，先选类别再选子类；子类和诉求类型留空，表示这两项不改。",
    "4. 拿不准的一行，“正确类别”留空即可：留空的行不会写回，也不算看过。",
    "5. 模型判对了也请选上同一类别：这样才知道模型对了多少。",
    "6. “取样”为“随机”的行用来估计模型的准确率，因此不显示模型的意见，请独立判断。",
    "7. 其余列已锁定，请不要改动；可以筛选、调列宽，也可以在“备注”列写字。",
    "8. 填完保存为 xlsx，用 hotline review import 文件 写回；多人可各填一份，一起写回。",
    "文本已脱敏，但仍是群众诉求，请勿外传。",
)


def write_guide(workbook: Any, sheet: Any, taxonomy: str) -> None:
    """Write the guide; the taxonomy's label is checked when the workbook comes back."""
    title = workbook.add_format({"bold": True, "font_size": 14})
    bold = workbook.add_format({"bold": True})
    free = workbook.add_format({"locked": False, "bg_color": "#FFF9E5", "border": 1})
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, "工单归类复核表", title)
    sheet.write_string(1, 0, TAXONOMY_CELL, bold)
    sheet.write_string(1, 1, taxonomy)
    sheet.write_string(2, 0, PERSON_CELL, bold)
    sheet.write_blank(2, 1, None, free)
    for row, text in enumerate(_STEPS, 4):
        sheet.write_string(row, 1, text)
    sheet.protect()
