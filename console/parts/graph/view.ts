import type { Layout } from "./layout.ts";

/** How a plan is seen: scale, and where its corner is. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

/** Smaller than this nobody reads it. */
const minFit = 0.55;
const [minScale, maxScale] = [0.2, 2];

/** Where something begins so that it is in the middle, or the chosen part of it where it does not fit. */
function placed(room: number, whole: number, at: number): number {
  if (whole <= room) return (room - whole) / 2;
  return Math.min(0, Math.max(room - whole, room / 2 - at));
}

/** All of a plan where it fits, else as much as fits around a step. */
export function fitted(
  layout: Layout,
  room: { width: number; height: number },
  step: string | undefined,
): View {
  const scale = Math.max(minFit, Math.min(1, room.width / layout.width, room.height / layout.height));
  const box = layout.boxes.find(({ id }) => id === step) ?? layout.boxes[0];
  if (!box) return { scale: 1, x: 0, y: 0 };
  return {
    scale,
    x: placed(room.width, layout.width * scale, (box.x + box.width / 2) * scale),
    y: placed(room.height, layout.height * scale, (box.y + box.height / 2) * scale),
  };
}

/** Nearer or farther, about a point. */
export function zoomed({ scale, x, y }: View, factor: number, about: { x: number; y: number }): View {
  const next = Math.min(maxScale, Math.max(minScale, scale * factor));
  const ratio = next / scale;
  return { scale: next, x: about.x - (about.x - x) * ratio, y: about.y - (about.y - y) * ratio };
}

/** The step that an arrow key leads to: along the lines, and across to the nearest of the same rank. */
export function stepTowards(
  { boxes, lines }: Layout,
  from: string,
  key: string,
  isDown: boolean,
): string | undefined {
  const [ahead, back] = isDown ? ["ArrowDown", "ArrowUp"] : ["ArrowRight", "ArrowLeft"];
  if (key === ahead) return lines.find((line) => line.from === from)?.to;
  if (key === back) return lines.find((line) => line.to === from)?.from;
  const sign =
    key === "ArrowRight" || key === "ArrowDown" ? 1 : key === "ArrowLeft" || key === "ArrowUp" ? -1 : 0;
  const here = boxes.find(({ id }) => id === from);
  if (sign === 0 || !here) return undefined;
  const [along, across] = isDown ? (["y", "x"] as const) : (["x", "y"] as const);
  return boxes
    .filter((box) => Math.abs(box[along] - here[along]) < 120 && (box[across] - here[across]) * sign > 0)
    .sort((a, b) => Math.abs(a[across] - here[across]) - Math.abs(b[across] - here[across]))[0]?.id;
}
