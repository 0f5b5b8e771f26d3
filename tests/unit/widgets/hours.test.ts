import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { weekdays } from "#src/kernel/weekdays.ts";
import { send } from "../../support/api.ts";
import { answer, begin, said } from "../../support/chats.ts";
import { conversationAt } from "../../support/conversations.ts";
import { bodyOf } from "../../support/personas.ts";
import { sandboxBinding } from "../../support/tasks.ts";
import { visit, withWidget } from "../../support/widgets.ts";

const dayMs = 86_400_000;

/** Hours of one day of the week, so many days from now. */
const hoursOn = (daysAway: number) => {
  const day = new Date(Date.now() + daysAway * dayMs).getUTCDay();
  // Of the days of JavaScript the first is Sunday.
  return { time_zone: "UTC", open: [{ days: [weekdays[(day + 6) % 7]], from: "00:00", to: "24:00" }] };
};
const opensIn = (daysAway: number) =>
  new Date(Math.floor(Date.now() / dayMs + daysAway) * dayMs).toISOString();

const chat = {
  handover: { enabled: true, triggers: { words: ["a real person"] } },
  tools: ["handover_to_human"],
};

/** A visitor of a widget that has, or has not, somebody behind it now. */
async function visitor(clientId: string, hours: object | null) {
  const { widget, instance, staff, owner } = await withWidget(clientId, { chat, widget: { hours } });
  const session = await visit(widget.key);
  const { conversation } = await begin(session, instance.id);
  const { id } = conversation;
  const handover = () => send("POST", `/api/v1/conversations/${id}/handover`, {}, session.headers);
  const holder = async () => valueOrThrow(await conversationAt({ clientId, id }).view()).holder;
  return { clientId, id, widget, instance, staff, owner, session, handover, holder };
}

describe("Outside of the hours of a widget", () => {
  it("nobody is asked for: by whoever visits, by what they say, or by the persona, which goes on and knows it", async () => {
    const { clientId, id, session, handover, holder } = await visitor("widget_hours_closed", hoursOn(2));
    expect(session.widget).toMatchObject({ handover: false, open: false, opens_at: opensIn(2) });
    expect(await bodyOf(await handover(), 409)).toMatchObject({
      error: "CONFLICT",
      details: { opens_at: opensIn(2) },
    });
    await said(session, id, "I want a real person");
    const asked = sandboxBinding();
    await answer(clientId, id, asked);
    expect(await holder()).toBe("persona");
    const [prompt = ""] = asked.bodies;
    expect(prompt).toContain(`No person can take over at present, but from ${opensIn(2)} on`);
    expect(prompt).not.toContain("handover_to_human");
  });

  it("who has an account is answered by people as ever", async () => {
    const { clientId, owner, instance } = await visitor("widget_hours_account", hoursOn(2));
    const { conversation } = await begin(owner, instance.id);
    const path = `/api/v1/conversations/${conversation.id}/handover`;
    await bodyOf(await send("POST", path, {}, owner.headers), 202);
    const view = valueOrThrow(await conversationAt({ clientId, id: conversation.id }).view());
    expect(view.holder).toBe("queue");
  });
});

describe.each([
  ["Within them", () => hoursOn(0)],
  ["Without any", () => null],
])("%s", (_, hours) => {
  it("people are asked for as before", async () => {
    const clientId = `widget_hours_open_${hours() === null}`;
    const { session, handover, holder } = await visitor(clientId, hours());
    expect(session.widget).toMatchObject({ handover: true, open: true, opens_at: null });
    await bodyOf(await handover(), 202);
    expect(await holder()).toBe("queue");
  });
});

it("Hours are changed and taken away, from the next thing on", async () => {
  const { widget, staff, handover } = await visitor("widget_hours_changed", hoursOn(3));
  const change = (hours: object | null) =>
    send("PATCH", `/api/v1/widgets/${widget.id}`, { hours }, staff.headers);
  expect((await handover()).status).toBe(409);
  expect((await change({ time_zone: "Nowhere", open: [] })).status).toBe(400);
  expect(await bodyOf(await change(null), 200)).toMatchObject({ hours: null });
  expect((await handover()).status).toBe(202);
});
