import type { Meter } from "./meters.ts";

/** Where the prices were read, and when. */
export const pricesReadAt = "2026-11-27";
export const priceSources = [
  "https://developers.cloudflare.com/workers/platform/pricing/",
  "https://developers.cloudflare.com/durable-objects/platform/pricing/",
  "https://developers.cloudflare.com/d1/platform/pricing/",
  "https://developers.cloudflare.com/queues/platform/pricing/",
  "https://developers.cloudflare.com/r2/pricing/",
  "https://developers.cloudflare.com/kv/platform/pricing/",
];

interface Price {
  what: string;
  dollars: number;
  /** So many units cost that. */
  per: number;
}

const million = 1_000_000;
const gigabyte = 1_000_000_000;
/** An object is billed for 128 MB, whatever it takes. */
const objectGigabytes = 0.128;

/** List prices of the Workers Paid plan beyond what it includes. What is stored is priced for a month. */
export const prices: Record<Meter, Price> = {
  objectRowsWritten: { what: "objects: rows written", dollars: 1, per: million },
  objectRowsRead: { what: "objects: rows read", dollars: 0.001, per: million },
  objectRequests: { what: "objects: calls and alarms", dollars: 0.15, per: million },
  // Twenty count as one request.
  socketMessages: { what: "objects: WebSocket messages in", dollars: 0.15, per: 20 * million },
  objectMilliseconds: {
    what: "objects: ms in which one is busy",
    dollars: 12.5,
    per: (million * 1000) / objectGigabytes,
  },
  objectBytes: { what: "objects: bytes, a month", dollars: 0.2, per: gigabyte },
  databaseRowsWritten: { what: "D1: rows written", dollars: 1, per: million },
  databaseRowsRead: { what: "D1: rows read", dollars: 0.001, per: million },
  databaseBytes: { what: "D1: bytes, a month", dollars: 0.75, per: gigabyte },
  queueOperations: { what: "queues: operations", dollars: 0.4, per: million },
  blobWrites: { what: "R2: writes (class A)", dollars: 4.5, per: million },
  blobReads: { what: "R2: reads (class B)", dollars: 0.36, per: million },
  blobBytes: { what: "R2: bytes, a month", dollars: 0.015, per: gigabyte },
  cacheWrites: { what: "KV: writes", dollars: 5, per: million },
  cacheReads: { what: "KV: reads", dollars: 0.5, per: million },
  workerRequests: { what: "Workers: invocations", dollars: 0.3, per: million },
  cpuMilliseconds: { what: "Workers: ms of CPU, at most", dollars: 0.02, per: million },
};
