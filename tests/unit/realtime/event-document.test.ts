import { expect, it } from "vitest";
import { call } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";

it("Whoever asks gets the AsyncAPI document of the events", async () => {
  expect(await bodyOf(await call("/api/events.json"), 200)).toMatchObject({
    asyncapi: "3.0.0",
    components: {
      messages: {
        "user.created": { "x-seen-by": "staff", "x-webhooks": true },
        "command.join_room": {},
        start_workflow: {},
        workflow_status: {},
        batch: {},
        ping: {},
        pong: {},
      },
    },
  });
});
