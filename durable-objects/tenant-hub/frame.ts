import type { PlatformEvent } from "#src/events/index.ts";
import { eventFrame } from "#src/realtime/index.ts";

const encoder = new TextEncoder();

/** What goes out on sockets. */
export interface Frame {
  text: string;
  bytes: number;
}

/** A frame, its bytes counted once for however many sockets it goes to. */
export const frameOf = (text: string): Frame => ({ text, bytes: encoder.encode(text).byteLength });

/** An event's frame, made when the first one wants it and then kept for the others. */
export function onceFramed(event: PlatformEvent): () => Frame {
  let frame: Frame | undefined;
  return () => {
    frame ??= frameOf(eventFrame(event));
    return frame;
  };
}
