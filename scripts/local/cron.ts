/**
 * Fires the Workers' cron trigger at once and then again and again, as production does every
 * minute: `wrangler dev` never does by itself. A run that the server does not answer is only
 * told of, since the next one makes up for it.
 * @returns what ends it
 */
export function fireCron(baseUrl: string, everyMs = 60_000): () => void {
  const fire = async () => {
    try {
      const answer = await fetch(`${baseUrl}/cdn-cgi/handler/scheduled`, {
        signal: AbortSignal.timeout(everyMs),
      });
      await answer.body?.cancel();
      if (!answer.ok) console.error(`The cron trigger answered ${answer.status}`);
    } catch (error) {
      console.error("The cron trigger was not answered:", error instanceof Error ? error.message : error);
    }
  };
  void fire();
  const timer = setInterval(fire, everyMs);
  return () => clearInterval(timer);
}
