interface ImageSize {
  width: number;
  height: number;
}

/** Sizes that Stability's SDXL engine takes, by the aspect ratio they stand for. */
const sizes: Readonly<Record<string, ImageSize>> = {
  "1:1": { width: 1024, height: 1024 },
  "16:9": { width: 1344, height: 768 },
  "9:16": { width: 768, height: 1344 },
  "3:2": { width: 1216, height: 832 },
  "2:3": { width: 832, height: 1216 },
  "4:3": { width: 1152, height: 896 },
  "3:4": { width: 896, height: 1152 },
  "21:9": { width: 1536, height: 640 },
  "9:21": { width: 640, height: 1536 },
};

/** The supported size closest to an aspect ratio. */
export function sizeOfAspectRatio(ratio: number): ImageSize {
  const distance = ({ width, height }: ImageSize) => Math.abs(Math.log(width / height / ratio));
  return Object.values(sizes).reduce((best, size) => (distance(size) < distance(best) ? size : best));
}
