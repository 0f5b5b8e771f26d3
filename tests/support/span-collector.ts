import { once } from "node:events";
import { createServer } from "node:http";
import root from "@opentelemetry/otlp-transformer/build/src/generated/root.js";
import { z } from "zod";

/** What is generated of a message of OpenTelemetry's protocol; the package has no types for it. */
interface MessageType {
  fromObject(object: object): object;
  verify(message: object): string | null;
  toObject(message: object, forms: object): unknown;
}
const messageType = z.custom<MessageType>((value) => typeof value === "function");
const path = ["opentelemetry", "proto", "collector", "trace", "v1", "ExportTraceServiceRequest"];
const ExportTraceServiceRequest = messageType.parse(
  path.reduce<unknown>((value, name) => Reflect.get(Object(value), name), root),
);

/** OpenTelemetry's own message, as its JSON form has it when read and written again. */
const requestSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(z.object({ key: z.string(), value: z.looseObject({}) })) }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.string(),
              startTimeUnixNano: z.string(),
              endTimeUnixNano: z.string(),
              attributes: z.array(z.object({ key: z.string(), value: z.looseObject({}) })).default([]),
              status: z.object({ code: z.string().optional(), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

const hexOf = (base64: string): string => Buffer.from(base64, "base64").toString("hex");

/**
 * What a collector makes of a body: read as OpenTelemetry's message, whose ids are hex in OTLP's JSON.
 * @throws when it is not that
 */
export function spansIn(body: string) {
  const withBytes = JSON.parse(body, (key, value: unknown) =>
    /^(?:trace|span|parentSpan)Id$/.test(key) ? Buffer.from(String(value), "hex").toString("base64") : value,
  );
  const problem = ExportTraceServiceRequest.verify(ExportTraceServiceRequest.fromObject(withBytes));
  if (problem) throw new Error(problem);
  const message = ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.fromObject(withBytes), {
    longs: String,
    enums: String,
    bytes: String,
  });
  return requestSchema.parse(message).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, attributes, ...span }) => ({
        ...span,
        traceId: hexOf(traceId),
        spanId: hexOf(spanId),
        parentSpanId: parentSpanId === undefined ? undefined : hexOf(parentSpanId),
        service: resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue,
        attributes: Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])),
      })),
    ),
  );
}

/** A collector in this process; refuses the first `busy` requests as one that has too much to do. */
export async function spanCollector(busy = 0) {
  const spans: ReturnType<typeof spansIn> = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  const bodies: string[] = [];
  let refusals = busy;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    headers.push(request.headers);
    if (request.method !== "POST" || request.url !== "/v1/traces") response.statusCode = 404;
    else if (refusals-- > 0) response.statusCode = 503;
    else {
      bodies.push(Buffer.concat(parts).toString());
      spans.push(...spansIn(bodies.at(-1) ?? ""));
    }
    response.setHeader("content-type", "application/json");
    response.end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("It does not listen");
  return { url: `http://127.0.0.1:${address.port}`, spans, headers, bodies, close: () => server.close() };
}
