import autocannon from "autocannon";
import { cpuMs } from "./processes.ts";

/** What a server does under load. */
export interface Throughput {
  perSecond: number;
  /** What its process computes for a request, in milliseconds. */
  cpuMs: number;
}

/**
 * Asks for an address in a closed loop over 20 connections; throws when an answer is not 2xx.
 * @param pid the process that answers
 */
export async function throughputOf(
  { url, headers = {}, pid }: { url: string; headers?: Record<string, string>; pid: number },
  seconds: number,
): Promise<Throughput> {
  const before = cpuMs(pid);
  const result = await autocannon({ url, headers, connections: 20, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  }
  return {
    perSecond: result.requests.average,
    cpuMs: (cpuMs(pid) - before) / result.requests.total,
  };
}
