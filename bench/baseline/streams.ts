import { Hono } from "hono";
import type { PublishedText } from "#src/objects/texts-api.ts";
import { type Opening, openingHeader, textFrame } from "#src/realtime/index.ts";
import type { FanOutEnv } from "./fan-out.ts";

const texts = 50;
/** Pieces of a text; another one begins after that. */
const length = 400;
const piece = "about four words in ";

type Audience = "own" | "all";

const clientOf = (audience: Audience) => `bench_streams_${audience}`;
const writerOf = (number: number) => `writer-${number}`;

/** Either the one whose text it is, or one of the staff, who hear everything; those have at most 20 sockets each. */
const opening = (audience: Audience, socket: number): Opening => ({
  caller: {
    clientId: clientOf(audience),
    userId: audience === "own" ? writerOf(socket) : `staff-${Math.floor(socket / 20)}`,
    role: audience === "own" ? "user" : "admin",
    sessionId: `session-${socket}`,
    expiresAt: Date.now() + 3_600_000,
  },
});

/** The next piece of each text, as a consumer gathers them for one call; `from` the beginning for who has forgotten it. */
const tick = (number: number, from = number % length): PublishedText[] =>
  Array.from({ length: texts }, (_, text) => ({
    runId: `run-${text}`,
    taskId: `run-${text}.write.${Math.floor(number / length)}`,
    step: "write",
    instanceId: null,
    ownerUserId: writerOf(text),
    attempt: 1,
    round: 1,
    offset: from * piece.length,
    text: piece.repeat((number % length) - from + 1),
  }));

/** The ticks of a burst, in which each socket hears so many frames, the first of which has this number. */
const ticksOf = (audience: Audience, { first, count }: { first: number; count: number }): number[] => {
  const ofTick = audience === "own" ? 1 : texts;
  return Array.from({ length: count / ofTick }, (_, index) => (first - 1) / ofTick + index);
};

const frameOf = ({ attempt, offset, text, ...subject }: PublishedText) =>
  textFrame(subject, { kind: "delta", attempt, offset, text }, Date.now());

/** Texts as they are written, told by the platform's hub and by a bare object. */
export const streams = new Hono<{ Bindings: FanOutEnv }>()
  .get("/platform/:audience{own|all}", ({ env, req }) => {
    const audience = req.param("audience") === "own" ? "own" : "all";
    const told = opening(audience, Number(req.query("socket")));
    return env.TENANT_HUB.getByName(clientOf(audience)).fetch("https://hub/", {
      headers: { upgrade: "websocket", [openingHeader]: JSON.stringify(told) },
    });
  })
  .get("/bare/:audience{own|all}", ({ env, req }) =>
    env.BARE_HUB.getByName(req.param("audience")).fetch(req.raw),
  )
  .post("/platform/:audience{own|all}", async (c) => {
    const audience = c.req.param("audience") === "own" ? "own" : "all";
    const hub = c.env.TENANT_HUB.getByName(clientOf(audience));
    for (const number of ticksOf(audience, await c.req.json())) {
      const answers = await hub.publishText(tick(number));
      // A hub forgets what has been silent for a minute, as these texts are while the others have their turn.
      const there = ((number % length) + 1) * piece.length;
      if (answers.some(({ have }) => have < there)) await hub.publishText(tick(number, 0));
    }
    return c.json({});
  })
  .post("/bare/:audience{own|all}", async (c) => {
    const audience = c.req.param("audience") === "own" ? "own" : "all";
    const hub = c.env.BARE_HUB.getByName(audience);
    for (const number of ticksOf(audience, await c.req.json())) {
      const frames = tick(number).map(frameOf);
      await (audience === "own" ? hub.tellEach(frames) : hub.broadcast(frames));
    }
    return c.json({});
  });
