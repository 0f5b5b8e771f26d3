/** The language that somebody would rather read than any other, as in `en`, by what their browser says; undefined where it says none. */
export function preferredLanguage(header: string | undefined): string | undefined {
  const ranked = (header ?? "").split(",", 20).map((part, place) => {
    const [, tag, weight] =
      /^\s*([A-Za-z]{2,3})(?:-[A-Za-z0-9-]{1,30})?\s*(?:;\s*q=(0(?:\.\d{1,3})?|1(?:\.0{1,3})?)\s*)?$/.exec(
        part,
      ) ?? [];
    return { tag: tag?.toLowerCase(), weight: Number(weight ?? 1), place };
  });
  return ranked
    .filter(({ tag, weight }) => tag !== undefined && weight > 0)
    .sort((a, b) => b.weight - a.weight || a.place - b.place)[0]?.tag;
}
