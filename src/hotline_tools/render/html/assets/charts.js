"use strict";
/* The charts, drawn by Apache ECharts as SVG from the JSON beside each. */
(() => {
  const INK = "#222222", FONT = '"Noto Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif';
  const HATCH = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4, color: "#7d8894" };

  function formatter(format) {
    const digits = format.includes(".") ? 1 : 0;
    const number = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return (value) => (value == null ? "" : format.endsWith("%") ? `${number.format(value * 100)}%` : number.format(value));
  }

  function bars(chart, shown, width) {
    const series = chart.series.map((one) => ({
      type: "bar", name: one.name, barMaxWidth: 22, barGap: "10%",
      itemStyle: { color: one.color },
      data: one.values.map((value, at) => one.pale.includes(at)
        ? { value, itemStyle: { color: chart.pale, decal: HATCH } } : value),
      label: { show: !one.base || chart.categories.length <= chart.few, position: "right", color: INK,
        fontFamily: FONT, formatter: ({ value }) => shown(value) },
    }));
    return {
      grid: { left: 8, right: 64, top: 8, bottom: series.length > 1 ? 32 : 8, containLabel: true },
      xAxis: { type: "value", show: false, max: (value) => Math.max(value.max * 1.05, 0) },
      yAxis: { type: "category", data: chart.categories, inverse: true, axisTick: { show: false },
        axisLabel: { color: INK, fontFamily: FONT, fontSize: 13, lineHeight: 16, interval: 0,
          width: Math.min(280, width * 0.34), overflow: "break" } },
      series,
    };
  }

  function lines(chart, shown) {
    const isAlone = chart.series.length === 1 && chart.categories.length <= chart.few;
    return {
      grid: { left: 8, right: 24, top: 24, bottom: chart.series.length > 1 ? 32 : 8, containLabel: true },
      xAxis: { type: "category", data: chart.categories, boundaryGap: false,
        axisLabel: { color: INK, fontFamily: FONT, hideOverlap: true } },
      yAxis: { type: "value", axisLabel: { color: INK, fontFamily: FONT, formatter: shown } },
      series: chart.series.map((one) => ({
        type: "line", name: one.name, color: one.color, symbol: one.symbol, symbolSize: 8,
        showSymbol: true, connectNulls: false, lineStyle: { width: 2.5, type: one.base ? "dashed" : "solid" },
        data: one.values.map((value, at) => one.pale.includes(at)
          ? { value, itemStyle: { color: "#ffffff", borderColor: one.color, borderWidth: 2 } } : value),
        label: { show: isAlone, color: INK, fontFamily: FONT, formatter: ({ value }) => shown(value) },
      })),
    };
  }

  function draw(place) {
    const chart = JSON.parse(place.querySelector("script").textContent);
    const plot = place.querySelector(".plot"), shown = formatter(chart.format);
    plot.style.height = `${chart.height}px`;
    const drawn = echarts.init(plot, null, { renderer: "svg" });
    const render = () => {
      drawn.resize();
      drawn.setOption({
        animation: false, aria: { enabled: false }, textStyle: { fontFamily: FONT, color: INK },
        legend: { show: chart.series.length > 1, bottom: 0, textStyle: { fontFamily: FONT, color: INK } },
        tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: shown, axisPointer: { type: "none" },
          confine: true },
        ...(chart.kind === "bars" ? bars(chart, shown, plot.clientWidth) : lines(chart, shown)),
      });
      const svg = plot.querySelector("svg");
      svg.setAttribute("viewBox", `0 0 ${drawn.getWidth()} ${drawn.getHeight()}`); // paper is narrower
      svg.setAttribute("aria-hidden", "true");
    };
    render();
    window.addEventListener("resize", render);
    if (chart.orders.some((number) => number !== null)) {
      plot.classList.add("opens");
      drawn.on("click", ({ dataIndex }) => {
        if (chart.orders[dataIndex] !== null) orders.open(chart.orders[dataIndex]);
      });
    }
  }

  for (const place of document.querySelectorAll("figure.chart")) {
    draw(place);
    place.querySelector("details").open = false;
  }
})();
