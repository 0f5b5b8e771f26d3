const hourMs = 3_600_000;

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"}`;

/** An account's age in words: whole hours on the first day, then days, then months of 30 days. Times in epoch milliseconds. */
export function accountAge(createdAt: number, now: number): string {
  const hours = Math.max(0, Math.floor((now - createdAt) / hourMs));
  if (hours < 24) return counted(hours, "hour");
  const days = Math.floor(hours / 24);
  return days < 30 ? counted(days, "day") : counted(Math.floor(days / 30), "month");
}
