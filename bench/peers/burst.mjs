/** The events that the platform's hub is given as well (bench/baseline/fan-out.ts). */
export const burst = ({ first, count }) =>
  Array.from({ length: count }, (_, index) => ({
    event: "system.notification",
    data: { text: "x".repeat(150) },
    entity_id: "bench_fan_out",
    timestamp: new Date().toISOString(),
    seq: first + index,
  }));

export async function readJson(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts).toString());
}
