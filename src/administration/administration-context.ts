import type { IdentityContext } from "#src/identity/sessions/issue-tokens.ts";
import type { Device } from "#src/kernel/device.ts";

/** What the use cases of administration need. */
export interface AdministrationContext extends IdentityContext {
  /** Where the administrator's request came from. */
  device: Device;
}
