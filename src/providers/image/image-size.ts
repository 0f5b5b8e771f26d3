/** Sizes that the SDXL engine takes, by aspect ratio. */
const sizes = {
  "1:1": { width: 1024, height: 1024 },
  "16:9": { width: 1344, height: 768 },
  "9:16": { width: 768, height: 1344 },
  "3:2": { width: 1216, height: 832 },
  "2:3": { width: 832, height: 1216 },
  "4:3": { width: 1152, height: 896 },
  "3:4": { width: 896, height: 1152 },
} as const;

export const aspectRatios = Object.keys(sizes);

const ratioOf = (text: string): number => {
  const [width = 1, height = 1] = text.split(":").map(Number);
  return width / height;
};

/** The supported size closest to an aspect ratio like `16:9`; a square for anything unreadable. */
export function sizeOfAspectRatio(aspectRatio: string): { width: number; height: number } {
  const wanted = ratioOf(aspectRatio);
  if (!Number.isFinite(wanted) || wanted <= 0) return sizes["1:1"];
  const distance = ({ width, height }: { width: number; height: number }) =>
    Math.abs(Math.log(width / height / wanted));
  return Object.values(sizes).reduce((best, size) => (distance(size) < distance(best) ? size : best));
}
