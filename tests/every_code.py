"""Orders that use every code of the schema, for tests that look at all reports at once."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from hotline_tools.schema import Resolved, Satisfaction, Status


def everything() -> Iterator[dict[str, Any]]:
    """1,200 orders over four months that use every code; ids and callers are digits."""
    dice = random.Random(5)
    start = datetime(2025, 3, 1)
    for number in range(1200):
        received = start + timedelta(hours=number * 2.4)
        closed = received + timedelta(hours=dice.randint(2, 300)) if number % 7 else None
        yield {
            "order_id": f"{100000 + number}",
            "source": ("热线", "留言板")[number % 5 == 0],
            "received_at": received,
            "dispatched_at": received + timedelta(hours=1),
            "signed_at": received + timedelta(hours=3),
            "first_contact_at": received + timedelta(hours=9),
            "due_at": received + timedelta(hours=120),
            "closed_at": closed,
            "revisited_at": closed + timedelta(days=1) if closed else None,
            "handling_hours": (closed - received).total_seconds() / 3600 if closed else None,
            "status": list(Status)[number % 4] if number % 7 == 0 else "closed",
            "satisfaction": list(Satisfaction)[number % 4],
            "resolved": list(Resolved)[number % 4],
            "category": dice.choice(["物业管理", "噪声扰民", "其他"]),
            "subcategory": dice.choice(["电梯运行", "施工噪声", "漏水"]),
            "original_category": dice.choice(["物业管理/电梯", "环保/噪声"]),
            "request_type": dice.choice(["投诉", "咨询"]),
            "district": "甲区",
            "street": dice.choice(["一街", "二街", None]),
            "community": dice.choice(["东社区", "西社区"]),
            "grid": dice.choice(["网格1", "网格2"]),
            "place": dice.choice(["花园小区", "解放路"]),
            "channel": dice.choice(["12345热线", "网格员上报", "信使"]),
            "department": dice.choice(["甲局", "乙街道办事处", None]),
            "co_departments": dice.choice(["丙局", None]),
            "title": dice.choice(["电梯坏了三天无人修", "夜间施工噪声扰民", "楼上漏水没有人管"]),
            "reply": dice.choice(["已处理，请知悉。", "经查，已于6月2日修复，电话6221。", None]),
            "responded": number % 3 > 0,
            "returns": number % 5 and number % 4,
            "redos": number % 2,
            "extensions": number % 3,
            "handling_level": dice.choice(["网格", "街道", "区"]),
            "reporter": "员1" if number % 9 == 0 else None,
            "caller_key": f"{dice.randint(1, 900)}" if number % 11 else None,
            "quality_flags": "masked;date-invalid",
            "needs_review": number % 6 == 0,
            "confidence": 0.5,
        }
