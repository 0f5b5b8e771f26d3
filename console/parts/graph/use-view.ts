import { type RefObject, useEffect, useRef, useState } from "react";
import type { Layout } from "./layout.ts";
import { fitted, type View, zoomed } from "./view.ts";

const roomOf = (element: HTMLElement | null) => ({
  width: element?.clientWidth ?? 0,
  height: element?.clientHeight ?? 0,
});

/** How a graph is seen, and what changes that: its room, the wheel with Ctrl, a drag, and keys. */
export function useView(
  port: RefObject<HTMLElement | null>,
  layout: Layout,
  chosen: string,
  walk: (key: string) => boolean,
) {
  const [view, setView] = useState<View>({ scale: 1, x: 0, y: 0 });
  const latest = useRef({ chosen, walk });
  useEffect(() => {
    latest.current = { chosen, walk };
  });
  const showAll = () => setView(fitted(layout, roomOf(port.current), chosen));
  const zoom = (factor: number) => {
    const { width, height } = roomOf(port.current);
    setView((before) => zoomed(before, factor, { x: width / 2, y: height / 2 }));
  };

  useEffect(() => {
    const room = port.current;
    if (!room) return;
    const show = () => setView(fitted(layout, roomOf(room), latest.current.chosen));
    const closer = (factor: number, about?: { x: number; y: number }) => {
      const { width, height } = roomOf(room);
      setView((before) => zoomed(before, factor, about ?? { x: width / 2, y: height / 2 }));
    };
    const observer = new ResizeObserver(show);
    observer.observe(room);
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = room.getBoundingClientRect();
      closer(event.deltaY < 0 ? 1.1 : 1 / 1.1, { x: event.clientX - left, y: event.clientY - top });
    };
    const keys = (event: KeyboardEvent) => {
      if (event.key === "+") closer(1.25);
      else if (event.key === "-") closer(0.8);
      else if (event.key === "0") show();
      else if (!latest.current.walk(event.key)) return;
      event.preventDefault();
    };
    const stopDragging = dragging(room, (byX, byY) =>
      setView((before) => ({ ...before, x: before.x + byX, y: before.y + byY })),
    );
    room.addEventListener("wheel", wheel, { passive: false });
    room.addEventListener("keydown", keys);
    return () => {
      observer.disconnect();
      stopDragging();
      room.removeEventListener("wheel", wheel);
      room.removeEventListener("keydown", keys);
    };
  }, [layout, port]);
  return { view, zoom, showAll };
}

/** Tells by how much a pointer has dragged what lies behind the boxes. */
function dragging(room: HTMLElement, move: (byX: number, byY: number) => void): () => void {
  let held = false;
  const down = (event: PointerEvent) => {
    if (event.target instanceof Element && event.target.closest("button")) return;
    held = true;
    room.setPointerCapture(event.pointerId);
  };
  const drag = (event: PointerEvent) => held && move(event.movementX, event.movementY);
  const up = () => {
    held = false;
  };
  room.addEventListener("pointerdown", down);
  room.addEventListener("pointermove", drag);
  room.addEventListener("pointerup", up);
  return () => {
    room.removeEventListener("pointerdown", down);
    room.removeEventListener("pointermove", drag);
    room.removeEventListener("pointerup", up);
  };
}
