/**
 * When the monthly billing period that `now` lies in began: the last monthly
 * anniversary of the subscription's start, or the month's last day where the
 * month is too short. Times in epoch milliseconds, months in UTC.
 */
export function billingPeriodStart(subscribedAt: number, now: number): number {
  const start = new Date(subscribedAt);
  const today = new Date(now);
  const anniversary = (monthsBack: number): number => {
    const year = today.getUTCFullYear();
    const month = today.getUTCMonth() - monthsBack;
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const timeOfDay =
      subscribedAt - Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate());
    return Date.UTC(year, month, Math.min(start.getUTCDate(), lastDay)) + timeOfDay;
  };
  const thisMonth = anniversary(0);
  return Math.max(subscribedAt, thisMonth <= now ? thisMonth : anniversary(1));
}
