import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { readCommand } from "#src/realtime/read-command.ts";
import { call } from "../support/api.ts";
import { closeBreakers } from "../support/breakers.ts";
import { oneStep } from "../support/one-step.ts";
import { makeInstance } from "../support/personas.ts";
import { plan } from "../support/plans.ts";
import { json, messageEvents, scripted, streamed } from "../support/scripted-upstream.ts";
import { deliver, sandboxBinding, startedTask } from "../support/tasks.ts";
import { createUser } from "../support/users.ts";

beforeEach(closeBreakers);

const half = "\ud83d";

describe("No text is cut in the middle of a character", () => {
  it("an image prompt with an emoji at its 300th unit is drawn and kept", async () => {
    const prompt = `${"a".repeat(299)}😀 and more`;
    const work = { action: "ai_image_generate", input: { prompt } };
    const { view, envelope, correlationId } = await startedTask("half_image", plan("work", { work }));
    await deliver("adapters", [envelope("work")], sandboxBinding());
    expect((await view()).status).toBe("completed");
    const stored = await env.BLOBS.head(`images/half_image/${correlationId}/${correlationId}.work.main.png`);
    expect(decodeURIComponent(stored?.customMetadata?.prompt ?? "")).toBe("a".repeat(299));
  });

  it("nor is one of emoji alone, whose encoding is longer than a header may be", async () => {
    const work = { action: "ai_image_generate", input: { prompt: "😀".repeat(200) } };
    const { view, envelope, correlationId } = await startedTask("half_emoji", plan("work", { work }));
    await deliver("adapters", [envelope("work")], sandboxBinding());
    expect((await view()).status).toBe("completed");
    const stored = await env.BLOBS.head(`images/half_emoji/${correlationId}/${correlationId}.work.main.png`);
    expect(decodeURIComponent(stored?.customMetadata?.prompt ?? "")).toMatch(/^(😀)+$/u);
  });

  it("a snippet with an emoji at its 2000th unit", async () => {
    const entry = { title: "Herons", link: "https://a.example/", snippet: `${"a".repeat(1999)}😀` };
    const { run } = await oneStep("web_search", scripted(json(JSON.stringify({ organic_results: [entry] }))));
    expect(run.steps[0]?.output).toMatchObject({ results: [{ snippet: "a".repeat(1999) }] });
  });

  it("a template's filter that cuts in one", async () => {
    const { run } = await oneStep("web_search", scripted(json("{}")), {
      input: { query: "{{ '😀😀' | last }} heron" },
    });
    expect(run.steps[0]?.output).toMatchObject({ query: "\ufffd heron" });
  });
});

describe("Half characters in a provider's answer are replaced", () => {
  it("of a text, which is whole where its halves come in two pieces", async () => {
    const [begin, block, delta, ...end] = messageEvents(`Tea ${half}`);
    const second = {
      ...delta,
      type: "content_block_delta",
      delta: { type: "text_delta", text: `\ude00 ${half}` },
    };
    const events = [begin, block, delta, second, ...end].flatMap((event) => event ?? []);
    const { run } = await oneStep("ai_text_generate", scripted(streamed(events)));
    expect(run.steps[0]?.output).toMatchObject({ text: "Tea 😀 \ufffd" });
  });

  it("of a search", async () => {
    const answer = {
      organic_results: [{ title: `A ${half}`, link: `https://a.example/${half}`, snippet: "" }],
    };
    const { run } = await oneStep("web_search", scripted(json(JSON.stringify(answer))));
    expect(JSON.stringify(run.steps[0]?.output).toWellFormed()).not.toContain("\\ud83d");
    expect(run.steps[0]?.output).toMatchObject({ results: [{ title: "A \ufffd" }] });
  });
});

describe("Half characters from outside", () => {
  it("are refused in JSON bodies, with their place", async () => {
    const user = await createUser("half_bodies");
    const { id } = await makeInstance(user);
    const bodies: [string, unknown, string][] = [
      ["/api/v1/auth/register", { email: "a@b.example", password: `Correct-Horse-9${half}` }, "password"],
      ["/api/v1/projects", { name: `P${half}` }, "name"],
      [
        `/api/v1/personas/instances/${id}/execute`,
        { input: { topic: [{ deep: half }] } },
        "input.topic.0.deep",
      ],
      [`/api/v1/personas/instances/${id}/execute`, { input: { [`k${half}`]: 1 } }, "input.k\ufffd"],
      [`/api/v1/personas/instances/${id}/memories`, { content: half, type: "note" }, "content"],
    ];
    for (const [path, body, place] of bodies) {
      const answer = await call(path, {
        method: "POST",
        headers: { "content-type": "application/json", ...user.headers },
        body: JSON.stringify(body),
      });
      expect([path, answer.status]).toEqual([path, 400]);
      expect(await answer.json()).toMatchObject({
        error: "VALIDATION_ERROR",
        details: { fields: [{ path: place, message: expect.stringContaining("Half a character") }] },
      });
    }
  });

  it("are taken where an escape only looks like one, and where both halves are escaped", async () => {
    const user = await createUser("half_escapes");
    const answer = await call("/api/v1/projects", {
      method: "POST",
      headers: { "content-type": "application/json", ...user.headers },
      body: '{"name":"A \\ud83d\\ude00 \\\\ud83d"}',
    });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({ name: "A 😀 \\ud83d" });
  });

  it("are replaced in frames of a socket", () => {
    const frame = JSON.stringify({ type: "command", event: `sub${half}`, id: `1${half}` });
    expect(readCommand(frame)).toMatchObject({ ok: false, id: "1\ufffd", command: "sub\ufffd" });
  });
});
