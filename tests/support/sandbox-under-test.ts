import { WorkerEntrypoint } from "cloudflare:workers";
import sandbox, { type SandboxBindings, StripeSandbox } from "#workers/sandbox/index.ts";

/** The sandbox Worker, within the Worker under test. */
export class Sandbox extends WorkerEntrypoint<SandboxBindings> {
  override fetch(request: Request): Promise<Response> {
    return sandbox.fetch(request, this.env);
  }
}

export { StripeSandbox };
