/** Style presets of Stability's v1 API. */
export const stylePresets = [
  "3d-model",
  "analog-film",
  "anime",
  "cinematic",
  "comic-book",
  "digital-art",
  "enhance",
  "fantasy-art",
  "isometric",
  "line-art",
  "low-poly",
  "modeling-compound",
  "neon-punk",
  "origami",
  "photographic",
  "pixel-art",
  "tile-texture",
] as const;

export type StylePreset = (typeof stylePresets)[number];

/** The preset that a style's name means (`Digital art`, `digital_art`); undefined for a style in words of one's own. */
export function presetOf(style: string): StylePreset | undefined {
  const name = style
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, "-");
  return stylePresets.find((preset) => preset === name);
}
