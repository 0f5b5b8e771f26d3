import type { Device } from "../identity/device.ts";
import type { IdentityContext } from "../identity/issue-tokens.ts";

/** What the use cases of administration need. */
export interface AdministrationContext extends IdentityContext {
  /** Where the administrator's request came from. */
  device: Device;
}
