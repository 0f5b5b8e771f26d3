/** The door of `configuration`: what other rooms may import of it. */
export {
  type Configuration,
  type ConfigurationKey,
  configurationKeys,
  configurationSchema,
  defaultConfiguration,
} from "./configuration.ts";
export { isConfigurationAt, markKeyTold, setKeys, storedKeys } from "./configuration-repository.ts";
export { ConfigurationSnapshot } from "./configuration-snapshot.ts";
export { configurationFrom, type StoredKey } from "./stored-configuration.ts";
