import { tenantObject } from "#tests/support/objects.ts";

export const nobody = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";

export const eventsOf = async (clientId: string) =>
  (await tenantObject(clientId).readEvents({ since: 0, limit: 100 })).events.map(({ event }) => event);

export const bodyOfNothing = async (answer: Response) => {
  if (answer.status !== 204) throw new Error(`${answer.status}: ${await answer.text()}`);
};
