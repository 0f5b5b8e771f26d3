import { expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { askSession, shop, withWidget } from "../../support/widgets.ts";

type Consents = Record<string, { granted: boolean }>;

const all = { personalisation: true, history: true, location: true };

/** What a visitor has agreed to after saying yes to everything, with what their browser says. */
async function agreed(clientId: string, signals: Record<string, string>) {
  const { widget } = await withWidget(clientId);
  const { access_token } = await bodyOf<{ access_token: string }>(await askSession(widget.key), 200);
  const headers = { authorization: `Bearer ${access_token}`, origin: shop, ...signals };
  await bodyOf(await send("PUT", "/api/v1/user/consents", all, headers), 200);
  const told = await bodyOf<Consents>(await call("/api/v1/user/consents", { headers }), 200);
  return Object.keys(told).filter((purpose) => told[purpose]?.granted);
}

it("A visitor says what they agree to, under an id of their own", async () => {
  expect(await agreed("visitors_agree", {})).toEqual(["personalisation", "history", "location"]);
});

it.each([["Sec-GPC"], ["DNT"]])(
  "%s: 1 is no to history and location of visitors, whatever a page says",
  async (name) => {
    expect(await agreed(`visitors_${name.length}`, { [name]: "1" })).toEqual(["personalisation"]);
    expect(await agreed(`visitors_${name.length}_0`, { [name]: "0" })).toHaveLength(3);
  },
);
