import { WorkerEntrypoint } from "cloudflare:workers";
import { answer } from "#workers/sandbox/answer.ts";
import { type SandboxBindings, StripeSandbox } from "#workers/sandbox/index.ts";

/** The sandbox Worker, within the Worker under test. */
export class Sandbox extends WorkerEntrypoint<SandboxBindings> {
  override fetch(request: Request): Promise<Response> {
    return answer(request, this.env.STRIPE.getByName("stripe"));
  }
}

export { StripeSandbox };
