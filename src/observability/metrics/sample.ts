import { z } from "zod";

/** Longer values of labels are cut. */
export const maxLabel = 120;

const count = z.number().int().nonnegative();

/** One series of a metric: what it has come to, or what has been added to it. */
export const sampleSchema = z.object({
  metric: z.string().max(100),
  /** In the order of the metric's labels. */
  labels: z.array(z.string().max(maxLabel)).max(8),
  /** How much was counted; of a histogram the sum of what was measured. */
  value: z.number(),
  /** Of a histogram: how many were within each bound and above the one before; the last one above all. */
  buckets: z.array(count).max(50).optional(),
});
export type Sample = z.infer<typeof sampleSchema>;

/** Names a series of a metric. */
export const seriesOf = ({ labels }: Pick<Sample, "labels">): string => labels.join("\u0000");

/** Both together; undefined where they do not fit, since one is of a release with other bounds. */
export function sumOf(one: Sample, other: Sample): Sample | undefined {
  if (one.buckets?.length !== other.buckets?.length) return undefined;
  return {
    ...one,
    value: one.value + other.value,
    ...(one.buckets && { buckets: one.buckets.map((counted, at) => counted + (other.buckets?.[at] ?? 0)) }),
  };
}
