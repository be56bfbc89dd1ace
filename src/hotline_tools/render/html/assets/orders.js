"use strict";
/* A row of a table and a bar of a chart open the orders behind them, which lie in the page as JSON. */
const orders = (() => {
  const { element, enhance } = tables;
  const found = document.getElementById("orders-data");
  const data = found && JSON.parse(found.textContent);

  function listed(rows) {
    const heads = data.columns.map((label) => element("th", { scope: "col" }, label));
    const lines = rows.map((at) => element("tr", {}, ...data.rows[at].map((text) => element("td", {}, text))));
    const table = element(
      "table", {}, element("caption", {}, "工单"),
      element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...lines));
    return element("div", { className: "wide", tabIndex: 0 }, table);
  }

  function open(number) {
    const [name, total, rows] = data.behind[number];
    const shown = rows.length < total ? `，列出最近 ${rows.length} 件` : "";
    const title = element("h2", { id: "orders-title" }, `${name}：共 ${total} 件${shown}`);
    const close = element("button", { type: "button", className: "close", onclick: () => dialog.close() }, "关闭");
    const dialog = element("dialog", { id: "orders" }, close, title);
    dialog.setAttribute("aria-labelledby", "orders-title");
    dialog.addEventListener("close", () => dialog.remove());
    if (rows.length) {
      dialog.append(listed(rows));
    }
    document.body.append(dialog);
    if (rows.length) enhance(dialog.querySelector("table"));
    dialog.showModal();
  }

  for (const row of document.querySelectorAll("tr[data-orders]")) {
    const name = row.querySelector("th") || row.cells[0];
    const button = element("button", { type: "button", className: "orders" }, ...name.childNodes);
    button.setAttribute("aria-haspopup", "dialog");
    button.onclick = () => open(Number(row.dataset.orders));
    name.replaceChildren(button);
  }
  return { open };
})();
