"""Hand-judged issues for the benchmarks: orders, truth, hard negatives, and the figures of a grouping."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from hotline_tools.repeats.find import COLUMNS


@dataclass
class Judged:
    """Row i of ``orders`` belongs to issue ``gold[i]``; ``hard`` holds pairs of rows that must stay apart."""

    orders: pa.Table
    ids: list[str]
    gold: np.ndarray
    hard: np.ndarray

    def part(self, keep: np.ndarray) -> "Judged":
        """Return some of the orders."""
        new = np.cumsum(keep) - 1
        hard = self.hard[keep[self.hard].all(axis=1)]
        ids = [i for i, k in zip(self.ids, keep, strict=True) if k]
        return Judged(self.orders.filter(pa.array(keep)), ids, self.gold[keep], new[hard])


def load_judged(folder: Path) -> Judged:
    messages = folder / "messages_repeats.xlsx"
    if messages.exists():
        frame = pd.read_excel(messages, dtype=str, engine="calamine")
    else:
        frame = pd.read_csv(messages.with_suffix(".csv"), dtype=str, encoding="utf-8-sig")
    truth = pd.read_csv(folder / "messages_repeats_gold.csv", dtype=str, encoding="utf-8-sig")
    issue = dict(zip(truth["留言编号"], truth["issue_id"], strict=True))
    ids = frame["留言编号"].str.strip().tolist()
    gold = np.array([issue.get(i) or f"alone-{i}" for i in ids])
    at = {order: row for row, order in enumerate(ids)}
    apart = pd.read_csv(folder / "messages_repeats_hard_negatives.csv", dtype=str, encoding="utf-8-sig")
    hard = [(at[a], at[b]) for a, b in zip(apart["留言编号_a"], apart["留言编号_b"], strict=True)]
    times = pd.to_datetime(frame["留言时间"], format="mixed", errors="coerce").astype("datetime64[us]")
    known = {
        "title": frame["留言主题"],
        "content": frame["留言详情"],
        "caller_key": frame["留言用户"],
    }
    columns = {
        name: pa.array(known[name].where(known[name].notna(), None).tolist(), pa.string())
        if name in known
        else pa.nulls(len(frame), pa.string())
        for name in COLUMNS
    }
    columns["received_at"] = pa.array(times, pa.timestamp("us"))
    return Judged(pa.table(columns), ids, gold, np.array(hard, dtype=np.int64).reshape(-1, 2))


def _pairs(n: int) -> int:
    return n * (n - 1) // 2


def figures(found: np.ndarray, judged: Judged) -> dict[str, float]:
    """B-cubed, pairwise, issues of three or more found exactly / mostly, hard negatives merged."""
    p, g = found.tolist(), judged.gold.tolist()
    size_p, size_g, joint = Counter(p), Counter(g), Counter(zip(p, g, strict=True))
    precision = sum(k * k / size_p[a] for (a, _), k in joint.items()) / len(p)
    recall = sum(k * k / size_g[b] for (_, b), k in joint.items()) / len(p)
    hit = sum(map(_pairs, joint.values()))
    said, true = sum(map(_pairs, size_p.values())), sum(map(_pairs, size_g.values()))
    parts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (a, b), k in joint.items():
        parts[b].append((k, size_p[a]))
    big = [b for b, k in size_g.items() if k >= 3]
    return {
        "b3_precision": precision,
        "b3_recall": recall,
        "b3_f1": 2 * precision * recall / (precision + recall),
        "pair_precision": hit / said if said else 1.0,
        "pair_recall": hit / true if true else 1.0,
        "pair_f1": 2 * hit / (said + true) if said + true else 1.0,
        "issues_ge3": len(big),
        "exact": sum(any(k == size_g[b] == n for k, n in parts[b]) for b in big),
        "mostly": sum(any(2 * k >= size_g[b] and k >= 2 and k >= 0.8 * n for k, n in parts[b]) for b in big),
        "hard_merged": int((found[judged.hard[:, 0]] == found[judged.hard[:, 1]]).sum()),
        "hard": len(judged.hard),
    }


def line(name: str, f: dict[str, float]) -> str:
    return (
        f"{name:34s} B3 {f['b3_precision']:.3f}/{f['b3_recall']:.3f}/{f['b3_f1']:.4f}"
        f"  pairs {f['pair_precision']:.3f}/{f['pair_recall']:.3f}/{f['pair_f1']:.4f}"
        f"  exact {f['exact']}/{f['issues_ge3']} mostly {f['mostly']}  hard {f['hard_merged']}/{f['hard']}"
    )
