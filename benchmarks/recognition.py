"""How well columns are recognised: generated layouts, precision and recall for each field.

    python benchmarks/recognition.py [--layouts 40] [--seed 7] [--names NAMES.json] [--errors]
    python benchmarks/recognition.py --rows develop|sealed [--errors]

Each layout takes orders of the generated sample, gives every column one of many names, shuffles the columns,
empties or drops some, and puts decoys between them: columns that look like a field by name or by value and
are none (派单次数 beside 延期次数, 督办时间, 审核意见, 部门编号). With ``--rows`` the header rows as published
(``recognition_rows.py``) are mapped instead; ``sealed`` is for figures alone and lists no mistakes.
"""
# ruff: noqa: E501

import argparse
import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from hotline_tools.layouts import common
from hotline_tools.layouts.recognition import recognise
from hotline_tools.sample import generate_month

NAMES = {
    "order_id": ["工单编号", "工单号", "受理单号", "12345工单编号", "事件编号", "案件编号", "信件编号", "诉求编号", "任务编号", "case_id",
                 "Ticket Number", "serviceRequestId", "业务流水号", "热线工单号", "order no"],
    "received_at": ["受理时间", "来电时间", "诉求登记时间", "反映日期", "上报时间", "工单创建时间", "群众来电时间", "留言时间", "提交日期", "热线受理时间",
                    "created_at", "Date Received", "openDate", "request_date", "投诉日期"],
    "dispatched_at": ["派单时间", "热线派单时间", "交办日期", "转办时间", "分派时间", "中心派发时间", "dispatch_time", "assigned_at", "Date Assigned"],
    "signed_at": ["签收时间", "部门签收时间", "承办单位签收日期", "signed_at"],
    "first_contact_at": ["首次联系时间", "首次响应时间", "部门首次联系时间"],
    "due_at": ["办理时限", "应办结时间", "12345到期时间", "截止日期", "要求办结时间", "办结期限", "工单到期时间", "due_date", "target_dt", "SLA Deadline",
               "承诺办结时间"],
    "closed_at": ["办结时间", "结案日期", "办理完成时间", "责任部门回单时间", "部门回复时间", "closed_at", "Date Closed", "completion date", "处置完成时间",
                  "答复日期", "resolved_date"],
    "revisited_at": ["回访时间", "回访日期", "热线回访时间", "callback_date"],
    "title": ["标题", "诉求标题", "事项标题", "工单主题", "留言主题", "title", "Subject", "case_title", "问题标题"],
    "content": ["诉求内容", "主要内容", "问题描述", "求助内容", "事件描述", "反映情况", "诉求详情", "投诉内容", "description", "Details", "complaint_text",
                "信件内容", "具体内容"],
    "request_type": ["诉求类型", "来电类别", "信件类型", "诉求类别", "受理类型", "工单类型", "request_type", "来电类型"],
    "channel": ["诉求来源", "来源渠道", "受理渠道", "信息来源", "工单来源", "source", "Intake Channel", "诉求渠道"],
    "district": ["所属区县", "区县", "行政区", "事发区县", "district", "Borough"],
    "street": ["所属镇街", "街道", "事发街道", "所属乡镇街道", "镇街"],
    "community": ["所属社区", "社区", "村居", "事发社区", "neighborhood", "社区名称"],
    "address": ["诉求地点", "事发地址", "问题地点", "详细地址", "发生地点", "address", "incident_location", "具体位置"],
    "department": ["主办单位", "承办部门", "责任部门", "处置单位", "办理单位", "下级单位", "responsible_dept", "agency", "Department", "具体承办单位"],
    "co_departments": ["协办单位", "配合部门", "会办单位"],
    "urgency": ["紧急程度", "priority", "缓急程度", "优先级"],
    "status": ["工单状态", "办理状态", "当前状态", "status", "case_status", "处理状态"],
    "reply": ["办理结果", "答复内容", "部门回复内容", "处理意见", "责任部门答复意见", "resolution_notes", "reply", "反馈内容"],
    "responded": ["是否响应", "是否及时响应"],
    "resolved": ["是否解决", "诉求是否解决", "解决情况"],
    "satisfaction": ["满意度", "回访满意度", "群众评价", "是否满意", "satisfaction", "满意度评价"],
    "extensions": ["延期次数", "申请延期次数", "延时次数"],
    "returns": ["退回次数", "退单次数", "回退次数"],
    "redos": ["重办次数", "返工次数"],
    "caller_key": ["联系电话", "来电人电话", "诉求人电话", "手机号码", "求助人电话", "caller_phone", "Contact Number"],
}  # fmt: skip
SAMPLE = {
    "order_id": "工单编号", "received_at": "受理时间", "dispatched_at": "派单时间", "signed_at": "签收时间", "first_contact_at": "首次联系时间",
    "due_at": "应办结时间", "closed_at": "办结时间", "revisited_at": "回访时间", "title": "诉求标题", "content": "诉求内容",
    "request_type": "诉求类型", "channel": "诉求来源", "district": "所属区县", "street": "所属镇街", "community": "所属社区",
    "address": "诉求地点", "department": "主办单位", "co_departments": "协办单位", "urgency": "紧急程度", "status": "工单状态",
    "reply": "办理结果", "responded": "是否响应", "resolved": "是否解决", "satisfaction": "满意度", "extensions": "延期次数",
    "returns": "退回次数", "redos": "重办次数", "caller_key": "来电人电话",
}  # fmt: skip
"""Field → its column in the generated sample."""
DECOYS = {
    "派单次数": "integer", "督办次数": "integer", "附件数量": "integer", "处理天数": "integer", "楼号": "integer",
    "督办时间": "time", "更新时间": "time", "延期申请时间": "time", "审核时间": "time", "last_updated": "time",
    "审核意见": "text", "督办意见": "text", "回访内容": "text", "领导批示": "text", "延期原因": "text", "备注": "text",
    "是否督办": "yesno", "是否保密": "yesno", "是否重复": "yesno", "部门编号": "code", "网格编码": "code", "坐席工号": "code",
    "经办人": "person", "受理员": "person", "回复类型": "kind", "考核类型": "kind", "链接": "link", "经度": "number",
}  # fmt: skip
ESSENTIAL = ("order_id", "received_at", "content")
ROWS = 300


@dataclass
class Layout:
    table: pa.Table
    truth: dict[str, str]
    """Header → field."""


def generated(dice: random.Random, orders: pa.Table) -> Layout:
    """One layout: names, order, gaps and decoys by the dice."""
    columns: list[tuple[str, pa.Array]] = []
    truth: dict[str, str] = {}
    for field, source in SAMPLE.items():
        if field not in ESSENTIAL and dice.random() < 0.25:
            continue
        name = dice.choice([n for n in NAMES[field] if n not in truth])
        values = orders.column(source).combine_chunks()
        if field not in ESSENTIAL and dice.random() < 0.3:
            keep = pa.array([dice.random() < 0.4 for _ in range(len(values))])
            values = pa.compute.if_else(keep, values, pa.scalar(None, pa.string()))
        if all(value in (None, "") for value in values.to_pylist()):
            continue
        columns.append((name, values))
        truth[name] = field
    for name in dice.sample(list(DECOYS), 8):
        columns.append((name, decoy(dice, DECOYS[name], orders)))
    dice.shuffle(columns)
    return Layout(pa.table([c for _, c in columns], names=[n for n, _ in columns]), truth)


def decoy(dice: random.Random, kind: str, orders: pa.Table) -> pa.Array:
    rows = orders.num_rows
    made = {
        "integer": lambda: str(dice.randint(0, 9)),
        "time": lambda: f"2021-06-{dice.randint(1, 30):02d} {dice.randint(8, 18):02d}:{dice.randint(0, 59):02d}",
        "text": lambda: dice.choice(["请按规定时限办理并答复来电人", "情况属实", "同意", "已与市民沟通，市民表示理解", ""]),
        "yesno": lambda: dice.choice("是否"),
        "code": lambda: f"{dice.randint(1, 60):04d}",
        "person": lambda: dice.choice(["王敏", "李强", "赵丽", "刘洋", "陈静"]),
        "kind": lambda: dice.choice(["甲类", "乙类"]),
        "link": lambda: f"http://example.test/{dice.randint(1, 10**6)}",
        "number": lambda: f"116.{dice.randint(100000, 999999)}",
    }[kind]  # fmt: skip
    return pa.array([made() for _ in range(rows)], pa.string())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--layouts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--names",
        type=Path,
        help="JSON of other names and decoys: {names: {field: [...]}, decoys: {header: kind}}",
    )
    parser.add_argument("--errors", action="store_true", help="list every column that went wrong")
    parser.add_argument("--rows", choices=["develop", "sealed"], help="header rows as published")
    options = parser.parse_args()
    if options.rows:
        from recognition_rows import measure, report

        orders = generate_month("2021-06", 2021, ROWS).orders
        tell = options.errors and options.rows == "develop"
        report(measure(options.rows, orders, SAMPLE, tell=tell), options.rows)
        return
    if options.names:
        given = json.loads(options.names.read_text(encoding="utf-8"))
        NAMES.update(given["names"])
        DECOYS.clear()
        DECOYS.update(given["decoys"])
    orders = generate_month("2021-06", 2021, ROWS).orders
    right, wrong, missed = Counter(), Counter(), Counter()
    for number in range(options.layouts):
        layout = generated(random.Random(options.seed * 1000 + number), orders)
        found = recognise(layout.table.column_names, layout.table, words=common().values)
        given = {header: item.field for item in found.assigned for header in item.headers}
        for header, field in layout.truth.items():
            if given.get(header) == field:
                right[field] += 1
            else:
                missed[field] += 1
                if options.errors:
                    print(f"{number:3}: {header} ({field}) → {given.get(header)}")
        for header, field in given.items():
            if layout.truth.get(header) != field:
                wrong[field] += 1
                if options.errors and header not in layout.truth:
                    print(f"{number:3}: {header} (none) → {field}")
    print(f"{'field':18} {'precision':>9} {'recall':>7} {'columns':>8}")
    for field in SAMPLE:
        total = right[field] + missed[field]
        precision = right[field] / max(1, right[field] + wrong[field])
        print(f"{field:18} {precision:9.3f} {right[field] / max(1, total):7.3f} {total:8}")
    precision = right.total() / (right.total() + wrong.total())
    print(f"{'all':18} {precision:9.3f} {right.total() / (right.total() + missed.total()):7.3f} "
          f"{right.total() + missed.total():8}")  # fmt: skip


if __name__ == "__main__":
    main()
