import type { BenchPlatform } from "./platform.ts";

/** Gives the object of an instance so many finished runs, each with one task. */
export async function fillHistory(
  { baselineUrl }: BenchPlatform,
  { id, client_id, owner_user_id }: { id: string; client_id: string; owner_user_id: string },
  count: number,
): Promise<void> {
  const body = JSON.stringify({ id, client_id, owner_user_id, count });
  const answer = await fetch(`${baselineUrl}/history`, { method: "POST", body });
  if (!answer.ok) throw new Error(`/history answered ${answer.status}`);
}
