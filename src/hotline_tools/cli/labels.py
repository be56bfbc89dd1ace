"""Labels on demand: a report about categories needs its orders classified."""

from hotline_tools.cli.shared import State
from hotline_tools.errors import StoreError


def ensure_labels(state: State) -> None:
    """Classify the orders without a label for their present text; a store that cannot be written stays so.

    The report then counts them as unclassified, or under the old label, and says so.
    """
    store = state.open_store()
    count = store.info().unlabelled
    if count <= 0 and not store.later_imports("labels"):
        return
    from hotline_tools.jobs.tagging import label_store

    state.say(f"有 {count:,} 件工单尚未归类，先归类……" if count > 0 else "核对新导入工单的归类……")
    try:
        with state.progress("归类", max(count, 0) or None) as advance, state.spark() as spark:
            label_store(store, state.classifier(), progress=advance, spark=spark)
    except StoreError as error:
        state.say(f"未能归类：{error}")
