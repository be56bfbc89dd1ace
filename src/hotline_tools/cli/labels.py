"""Labels on demand: a report about categories needs its orders classified."""

from hotline_tools.cli.shared import State
from hotline_tools.errors import StoreError


def ensure_labels(state: State) -> None:
    """Classify the orders that have no label yet; a store that cannot be written stays as it is.

    The report then counts them as unclassified and says so.
    """
    store = state.open_store()
    count = store.info().unlabelled
    if not count:
        return
    from hotline_tools.jobs.tagging import label_store

    state.say(f"有 {count:,} 件工单尚未归类，先归类……")
    try:
        with state.progress("归类", count) as advance:
            label_store(store, state.classifier(), progress=advance)
    except StoreError as error:
        state.say(f"未能归类：{error}")
