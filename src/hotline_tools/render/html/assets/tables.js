"use strict";
/* Every table can be sorted by its headings and filtered by words. Rows beyond the first hundreds are shown
   on demand, so that sorting thousands takes no time; a print has all that the filter lets through. */
const tables = (() => {
  const FEW = 8, MOST = 200;
  const collator = new Intl.Collator("zh-CN", { numeric: true });

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  /* A figure as people read it: "82.8% 24,165/29,186", "+406（+240.2%）", "<0.1", "—". */
  function figure(text) {
    const found = text.replace(/[,\s]/g, "").match(/^[<+]?(-?\d+(?:\.\d+)?)/);
    return found ? Number(found[1]) : null;
  }

  function key(cell) {
    const text = cell.textContent;
    if (cell.classList.contains("figure")) return figure(text);
    return text === "" || text === "—" ? null : text;
  }

  function compare(one, other) {
    return typeof one === "number" ? one - other : collator.compare(one, other);
  }

  /* What is not known stands last, whichever way the others go; equal rows keep their order. */
  function sorted(rows, at, isDown) {
    const keyed = rows.map((row) => [key(row.cells[at]), row]);
    const known = keyed.filter(([value]) => value !== null);
    known.sort(([one], [other]) => (isDown ? compare(other, one) : compare(one, other)));
    return [...known, ...keyed.filter(([value]) => value === null)].map(([, row]) => row);
  }

  function enhance(table) {
    const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
    let rows = [...body.rows], all = false;
    if (rows.length < 2) return;
    const texts = new Map();
    const status = element("span", { role: "status" });
    const more = element("button", { type: "button", onclick: () => { all = true; show(); } });
    const input = element("input", { type: "search", oninput: () => show() });

    const whole = `共 ${rows.length.toLocaleString("en")} 行`;

    function show() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const row of rows) {
        if (words.length && !texts.has(row)) texts.set(row, row.textContent.toLowerCase());
        const fits = words.every((word) => texts.get(row).includes(word));
        row.hidden = !fits;
        row.classList.toggle("more", fits && !all && found >= MOST);
        found += fits;
      }
      const isCut = !all && found > MOST;
      status.textContent = words.length ? `${whole}，符合 ${found.toLocaleString("en")} 行` : whole;
      more.textContent = `只显示前 ${MOST} 行，显示全部`;
      more.hidden = !isCut;
    }

    heads.forEach((head, at) => {
      const button = element("button", { type: "button", className: "sort" }, ...head.childNodes);
      button.onclick = () => {
        const isFigure = head.classList.contains("figure");
        const now = head.getAttribute("aria-sort");
        const isDown = now ? now === "ascending" : isFigure;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
        rows = sorted(rows, at, isDown);
        show();
        body.replaceChildren(...rows);
      };
      head.replaceChildren(button);
    });
    if (rows.length > FEW) {
      const label = element("label", {}, "筛选 ", input);
      table.parentNode.before(element("div", { className: "tools" }, label, status, more));
    }
    show();
  }

  document.querySelectorAll("table").forEach(enhance);
  return { element, enhance };
})();
