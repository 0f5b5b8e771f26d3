import { DurableObject } from "cloudflare:workers";
import type { ObjectPlatformBindings } from "#src/object-platform.ts";
import { type ConsentRequest, type Consents, consentRequestSchema } from "#src/objects/consents-api.ts";
import { personIdSchema } from "#src/objects/person-id.ts";
import type { TenantPersonalisationApi } from "#src/objects/tenant-personalisation-api.ts";
import { consentsFrom } from "#src/personalisation/index.ts";
import { assemble } from "./assemble.ts";

/**
 * What a tenant knows of persons, and what they have agreed to: a thin door before the desks and stores that it is made
 * of. Consent is read in the transaction that keeps or uses something, so that nothing outlives a no.
 */
export class TenantPersonalisation
  extends DurableObject<ObjectPlatformBindings>
  implements TenantPersonalisationApi
{
  readonly #parts: ReturnType<typeof assemble>;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    this.#parts = assemble(ctx, env);
  }

  async consentsOf(personId: string): Promise<Consents> {
    const { writing, consents } = this.#parts;
    return writing.read(() => consents.of(personIdSchema.parse(personId)), consentsFrom({}));
  }

  async changeConsents(given: ConsentRequest): Promise<Consents> {
    const request = consentRequestSchema.parse(given);
    return this.#parts.writing.written((now) => this.#parts.desk.change(request, now));
  }

  async erasePerson(personId: string): Promise<void> {
    const { writing, desk } = this.#parts;
    const id = personIdSchema.parse(personId);
    if (writing.hasBegun) writing.written((now) => desk.erase(id, now));
  }

  override async alarm(): Promise<void> {
    await this.#parts.alarm.run();
  }
}
