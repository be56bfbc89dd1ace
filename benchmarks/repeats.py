"""Repeat issues measured in one run, beside baselines.

    python benchmarks/repeats.py DATA_FOLDER [--labels LABELS.csv] [--year ORDERS [--seed N]]
        [--cost N N … [--mixed]] [--workers N]

DATA_FOLDER holds messages_repeats.xlsx (or .csv), messages_repeats_gold.csv and
messages_repeats_hard_negatives.csv. The baselines' thresholds are chosen on the same data, in their favour.
``--labels``: what the built-in classifier was fitted on; it is fitted again without the judged messages for
the cross-validation (see ``fit_repeats.py``), which is left out without them.
``--year`` also measures a generated year against its planted issues; ``--cost`` measures time and memory on
generated orders, each number in a process of its own, with ``--mixed`` on sentences of real messages mixed.
"""

import argparse
import time
from collections import Counter, defaultdict
from pathlib import Path

import jieba
import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.cluster import DBSCAN, AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from fit_repeats import CANDIDATES, DRAWS, batch_of, candidates, cross_validated
from hotline_tools.classify import Classifier
from hotline_tools.repeats.find import Groups, find_groups
from hotline_tools.repeats.issues.table import is_to_check
from repeats_blocking import measure_blocking_keys
from repeats_categories import unseeing_classifier, with_categories
from repeats_cost import measure_cost
from repeats_data import Judged, figures, line, load_judged
from repeats_input import year

_ONE_MATTER = 0.9


def texts_of(judged: Judged) -> list[str]:
    columns = (judged.orders["title"].to_pylist(), judged.orders["content"].to_pylist())
    return [f"{t or ''} {t or ''} {c or ''}" for t, c in zip(*columns, strict=True)]


def best(name: str, judged: Judged, groupings: dict[float, np.ndarray]) -> str:
    """Return the line of the threshold with the best B-cubed F1."""
    scored = {t: figures(g, judged) for t, g in groupings.items()}
    threshold = max(scored, key=lambda t: scored[t]["b3_f1"])
    return line(f"{name} ({threshold})", scored[threshold])


def tfidf_baselines(judged: Judged) -> list[str]:
    rows = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, sublinear_tf=True).fit_transform(
        texts_of(judged)
    )
    distance = np.clip(1 - (rows @ rows.T).toarray(), 0, 2)
    scan = {}
    for eps in (0.4, 0.45, 0.5, 0.55, 0.6):
        label = DBSCAN(eps=eps, min_samples=2, metric="precomputed").fit_predict(distance)
        scan[eps] = np.where(label < 0, -1 - np.arange(len(label)), label)
    average = {
        t: AgglomerativeClustering(
            None, metric="precomputed", linkage="average", distance_threshold=t
        ).fit_predict(distance)
        for t in (0.6, 0.65, 0.7, 0.75, 0.8)
    }
    return [best("DBSCAN, jieba TF-IDF", judged, scan), best("average linkage, TF-IDF", judged, average)]


def minhash_baseline(judged: Judged) -> list[str]:
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        return ["MinHash LSH: not measured, pip install datasketch"]
    sets = [{t[k : k + 3] for k in range(len(t) - 2)} for t in texts_of(judged)]
    started = time.perf_counter()
    hashes = []
    for grams in sets:
        mine = MinHash(num_perm=128)
        mine.update_batch([g.encode() for g in grams])
        hashes.append(mine)
    found = {}
    for threshold in (0.2, 0.3, 0.4, 0.5):
        index = MinHashLSH(threshold=threshold, num_perm=128)
        for row, mine in enumerate(hashes):
            index.insert(row, mine)
        pairs = [
            (row, other) for row, mine in enumerate(hashes) for other in index.query(mine) if other > row
        ]
        i, j = np.array(pairs, dtype=int).reshape(-1, 2).T
        graph = coo_matrix((np.ones(len(i)), (i, j)), shape=(len(sets), len(sets)))
        found[threshold] = connected_components(graph, directed=False)[1]
    each = (time.perf_counter() - started) / len(sets) * 1000
    return [best("MinHash LSH", judged, found) + f"  {each:.2f} ms an order"]


def measure_cross_validated(judged: Judged, labels: Path) -> list[str]:
    batches = {
        "": batch_of(with_categories(judged.orders, unseeing_classifier(judged, labels))),
        ", no categories": batch_of(judged.orders),
    }
    lines = []
    for name, batch in batches.items():
        train = candidates(batch, CANDIDATES, screened=False)
        for draw in DRAWS:
            found = figures(cross_validated(judged, batch, train, draw), judged)
            lines.append(line(f"hotline{name}, draw {draw}", found))
    return lines


def measure_year(orders: int, seed: int, workers: int | None) -> list[str]:
    table, truth = year(orders, seed)
    table = with_categories(table, Classifier.default())
    ids = table["order_id"].to_pylist()
    issue = dict(zip(truth["order_id"].to_pylist(), truth["issue_id"].to_pylist(), strict=True))
    gold = np.array([issue[i] or f"alone-{i}" for i in ids])
    groups = find_groups(table, workers=workers)
    found, callers = groups.group, table["caller_key"].to_pylist()
    judged = Judged(table, ids, gold, np.empty((0, 2), dtype=np.int64))
    planted, right = callers_exact(found, gold, callers)
    return [
        line(f"year of {orders:,}, seed {seed}", figures(found, judged)),
        f"  distinct callers right in {right} of {planted} planted issues",
        *certainties(groups, gold, callers),
        *measure_blocking_keys(table, gold),
    ]


def certainties(groups: Groups, gold: np.ndarray, callers: list[str | None]) -> list[str]:
    """Return, of the issues that are listed and of those to be looked at first, how many are one matter.

    One matter: nine of ten orders are of one planted issue.
    """
    members = defaultdict(list)
    for row, group in enumerate(groups.group.tolist()):
        members[group].append(row)
    one: dict[bool, list[bool]] = {False: [], True: []}
    for rows in members.values():
        if len(rows) > 1:
            known = [callers[row] for row in rows if callers[row]]
            facts = {
                "callers": len(set(known)),
                "unknown_callers": len(rows) - len(known),
                "certainty": float(groups.closest[rows].mean()),
            }
            most = Counter(gold[rows].tolist()).most_common(1)[0][1]
            one[is_to_check(facts)].append(most >= _ONE_MATTER * len(rows))
    return [
        f"  {name}: {len(found)} issues, {sum(found)} of one matter ({np.mean(found):.1%})"
        for name, found in (("listed", one[False]), ("to be looked at first", one[True]))
        if found
    ]


def callers_exact(found: np.ndarray, gold: np.ndarray, callers: list[str | None]) -> tuple[int, int]:
    """Return the planted issues, and those whose best group has the true number of distinct callers."""
    of_gold, of_found = defaultdict(list), defaultdict(list)
    for row, (g, f) in enumerate(zip(gold.tolist(), found.tolist(), strict=True)):
        of_gold[g].append(row)
        of_found[f].append(row)
    right = planted = 0
    for rows in of_gold.values():
        if len(rows) > 1:
            largest = Counter(found[rows].tolist()).most_common(1)[0][0]
            counts = [len({callers[r] for r in part if callers[r]}) for part in (rows, of_found[largest])]
            planted += 1
            right += counts[0] == counts[1]
    return planted, right


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--year", type=int, metavar="ORDERS")
    parser.add_argument("--seed", type=int, default=2021, help="of the generated year")
    parser.add_argument("--cost", type=int, nargs="*", metavar="N", default=[])
    parser.add_argument("--mixed", action="store_true")
    parser.add_argument("--workers", type=int)
    options = parser.parse_args()
    judged = load_judged(options.data)
    print(line("doing nothing", figures(np.arange(len(judged.gold)), judged)), flush=True)
    for text in (*tfidf_baselines(judged), *minhash_baseline(judged)):
        print(text, flush=True)
    for text in measure_cross_validated(judged, options.labels) if options.labels else []:
        print(text, flush=True)
    judged.orders = with_categories(judged.orders, Classifier.default())
    shipped = find_groups(judged.orders, workers=1).group
    print(line("hotline, as shipped (fitted here)", figures(shipped, judged)), flush=True)
    for text in measure_blocking_keys(judged.orders, judged.gold):
        print(text, flush=True)
    for text in measure_year(options.year, options.seed, options.workers) if options.year else []:
        print(text, flush=True)
    kind = "mixed" if options.mixed else "year"
    for text in measure_cost(options.cost, options.workers, kind, options.data) if options.cost else []:
        print(text, flush=True)


if __name__ == "__main__":
    main()
