import type { ReportedUsage } from "./message-reader.ts";

export interface SaneUsage {
  tokensIn: number;
  tokensOut: number;
  /** Left out where nothing is cached. */
  tokensCached?: { read: number; written: number };
  /** Whether a number was missing or senseless and ours stands in its place. */
  isEstimated: boolean;
}

/** A token is about four bytes of text. */
const bytesPerToken = 4;
/** What a provider may put around a prompt of ours: its own words about tools, and the like. */
const overheadTokens = 10_000;

/** A count as it should be; undefined for what is missing or none. */
function countOf(value: unknown): number | undefined {
  const count = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof count === "number" && count >= 0 ? Math.ceil(count) : undefined;
}

/**
 * Makes sense of the usage that a provider reports: numbers that are missing or no counts
 * are estimated from the text, numbers that cannot be are cut to what can.
 */
export function saneUsage(
  { begun, ended }: { begun: ReportedUsage; ended: ReportedUsage },
  {
    promptBytes,
    writtenBytes,
    maxTokens,
  }: { promptBytes: number; writtenBytes: number /** That the model may write. */; maxTokens: number },
): SaneUsage {
  let isEstimated = false;
  const sane = (value: unknown, estimate: number, max: number): number => {
    const count = Math.min(countOf(value) ?? estimate, max);
    isEstimated ||= count !== value;
    return count;
  };
  const all: ReportedUsage = { ...begun, ...withoutNulls(ended) };
  const maxIn = promptBytes + overheadTokens;
  const input = sane(all.input_tokens, Math.ceil(promptBytes / bytesPerToken), maxIn);
  // Left out where nothing is cached.
  const created = sane(all.cache_creation_input_tokens ?? 0, 0, maxIn);
  const read = sane(all.cache_read_input_tokens ?? 0, 0, maxIn);
  // What a message begins with is no count of what it ends with.
  const tokensOut = sane(ended.output_tokens, Math.ceil(writtenBytes / bytesPerToken), maxTokens);
  const tokensIn = Math.min(input + created + read, maxIn);
  const tokensCached = { read, written: Math.min(created, tokensIn - Math.min(read, tokensIn)) };
  return {
    tokensIn,
    tokensOut,
    ...(read + created > 0 && { tokensCached }),
    isEstimated,
  };
}

const withoutNulls = (usage: ReportedUsage): ReportedUsage =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null && value !== undefined));
