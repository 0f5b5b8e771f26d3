/** How long frames of a socket with `?batch=1` are gathered, in milliseconds. */
export const batchMs = 15;

/** With so many bytes of frames a batch goes out at once. */
export const batchBytes = 32 * 1024;

const [before, after] = ['{"type":"batch","frames":[', "]}"];

/** What a batch has besides its frames; each frame has a comma as well. */
export const batchOverhead = before.length + after.length;

/** Several frames as one, in order. */
export const batchFrame = (frames: readonly string[]): string => before + frames.join(",") + after;
