// The gateway with the Durable Object classes: tests look into objects, which is possible in the Worker under test only.

export { default, SocketCalls, ToolCalls } from "#workers/gateway/index.ts";
export * from "#workers/objects/index.ts";
export { Sandbox, StripeSandbox } from "./sandbox-under-test.ts";
