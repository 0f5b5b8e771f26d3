import type { Outcome } from "#src/kernel/outcome.ts";

/** Exports of everything that is known of persons. */
export interface DataExportsApi {
  /** Refuses with `RATE_LIMITED` while another one of the person's is under way, and after three within a day. */
  beginExport(personId: string): Promise<Outcome<{ number: number }>>;
  endExport(personId: string, number: number): Promise<void>;
  /** Everything that is kept of a person here, as JSON. */
  dataOf(personId: string): Promise<string>;
}
