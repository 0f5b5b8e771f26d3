import { useEffect, useId, useRef } from "react";
import uPlot from "uplot";
import { count, dayOf } from "../time.tsx";
import "../../styles/plot.css";
import { Scroller } from "../scroller.tsx";

export interface PlotPoint {
  /** When its day begins, ISO. */
  at: string;
  value: number;
  /** What of the value is drawn apart. */
  part?: number;
}

interface PlotProps {
  title: string;
  /** What the parts are called, where there are any. */
  partName?: string;
  points: readonly PlotPoint[];
  format?: (value: number) => string;
}

const height = 220;
const halfDay = 43_200;

const colour = (element: Element, name: string): string =>
  getComputedStyle(element).getPropertyValue(name).trim();

/** A value by the day as columns, with a cursor that tells it, and the same as a table. */
export function Plot({ title, points, partName, format = count }: PlotProps) {
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const told = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element || points.length === 0) return;
    const draw = () =>
      new uPlot(
        optionsOf(element, (at) => {
          const point = at === null || at === undefined ? undefined : points[at];
          const of = point?.part && partName ? `, ${format(point.part)} ${partName}` : "";
          if (told.current)
            told.current.textContent = point ? `${dayOf(point.at)}: ${format(point.value)}${of}` : "";
        }),
        [
          points.map(({ at }) => Date.parse(at) / 1000),
          points.map(({ value }) => value),
          points.map(({ part = 0 }) => part),
        ],
        element,
      );
    let plot = draw();
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    // Its colours are those of the moment in which it was drawn.
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => {
      plot.destroy();
      plot = draw();
    };
    scheme.addEventListener("change", redraw);
    return () => {
      scheme.removeEventListener("change", redraw);
      observer.disconnect();
      plot.destroy();
    };
  }, [points, partName, format]);
  return (
    <figure className="plot">
      <figcaption className="panel-head">
        <span id={id}>{title}</span>
        <p className="meta" ref={told} />
      </figcaption>
      <div ref={place} role="img" aria-labelledby={id} />
      <details>
        <summary>As a table</summary>
        <Scroller label={title}>
          <table className="list small">
            <caption className="sr">{title}</caption>
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col" className="num">
                  {title}
                </th>
                {partName && (
                  <th scope="col" className="num">
                    {partName}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {points.map(({ at, value, part = 0 }) => (
                <tr key={at}>
                  <th scope="row">{dayOf(at)}</th>
                  <td className="num">{format(value)}</td>
                  {partName && <td className="num">{format(part)}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroller>
      </details>
    </figure>
  );
}

function optionsOf(element: HTMLElement, hover: (at: number | null | undefined) => void): uPlot.Options {
  const [ink, line, accent, apart] = [
    colour(element, "--plot-ink"),
    colour(element, "--plot-line"),
    colour(element, "--plot-fill"),
    colour(element, "--plot-part"),
  ];
  const axis = { stroke: ink, font: "12px system-ui", ticks: { show: false } };
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, points: { show: false } },
    scales: {
      // Half a day beside the first and the last, for their columns.
      x: { time: true, range: (_plot, min, max) => [min - halfDay, max + halfDay] },
      y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 64 },
      { ...axis, grid: { stroke: line, width: 1 }, size: 52, values: (_plot, values) => values.map(shortly) },
    ],
    series: [
      {},
      columnsOf(accent),
      // In front of the whole, from the same ground.
      columnsOf(apart),
    ],
    hooks: { setCursor: [({ cursor }) => hover(cursor.idx)] },
  };
}

const columnsOf = (fill: string): uPlot.Series => ({
  stroke: fill,
  // Nothing is drawn where there is nothing.
  width: 0,
  fill,
  paths: uPlot.paths.bars?.({ size: [0.7, 40], radius: 0.15 }),
  points: { show: false },
});

const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 2 });
const shortly = (value: number): string => short.format(value);
