import autocannon from "autocannon";

/** Requests per second of a GET, closed loop over 20 connections; throws when an answer is not 2xx. */
export async function requestsPerSecond(
  url: string,
  headers: Record<string, string> = {},
  seconds = 5,
): Promise<number> {
  const result = await autocannon({ url, headers, connections: 20, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} errors`);
  }
  return result.requests.average;
}
