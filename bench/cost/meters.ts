/** What the platform bills, in the units that are counted. */
export const meters = [
  "objectRowsWritten",
  "objectRowsRead",
  "objectRequests",
  "socketMessages",
  "objectMilliseconds",
  "objectBytes",
  "databaseRowsWritten",
  "databaseRowsRead",
  "databaseBytes",
  "queueOperations",
  "blobWrites",
  "blobReads",
  "blobBytes",
  "cacheWrites",
  "cacheReads",
  "workerRequests",
  "cpuMilliseconds",
] as const;

export type Meter = (typeof meters)[number];

/** How much of each, by where it comes from: a statement, a method, a Worker. */
export type Counts = Partial<Record<Meter, Record<string, number>>>;

/** Adds to one of the counts. */
export function add(counts: Counts, meter: Meter, origin: string, amount: number): void {
  const origins = counts[meter] ?? {};
  counts[meter] = { ...origins, [origin]: (origins[origin] ?? 0) + amount };
}

/** Several counts as one: those of all Workers. */
export function together(all: readonly Counts[]): Counts {
  const sum: Counts = {};
  for (const counts of all) {
    for (const meter of meters) {
      for (const [origin, amount] of Object.entries(counts[meter] ?? {})) add(sum, meter, origin, amount);
    }
  }
  return sum;
}

/** What has come since then, of each run. */
export function ofEachRun(runs: number, before: Counts, after: Counts): Counts {
  const difference: Counts = {};
  for (const meter of meters) {
    for (const [origin, amount] of Object.entries(after[meter] ?? {})) {
      const grown = amount - (before[meter]?.[origin] ?? 0);
      if (grown !== 0) add(difference, meter, origin, grown / runs);
    }
  }
  return difference;
}

/** Of a statement what it does to which table. */
export function statementOf(sql: string): string {
  const [, verb = "", table = ""] =
    /\b(INSERT|UPDATE|DELETE|SELECT)\b(?:.*?\b(?:INTO|FROM)\b)?\s*["`]?(\w+)/is.exec(sql) ?? [];
  return verb === "" ? sql.slice(0, 40) : `${verb.toLowerCase()} ${table}`;
}
