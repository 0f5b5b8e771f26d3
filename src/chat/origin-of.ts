import type { Actor } from "#src/kernel/actor.ts";
import { type Origin, originSchema } from "#src/objects/origin.ts";

/** From where somebody writes, as far as the network and their device tell; of what is none, nothing. */
export const originOf = ({ device: { country, language } }: Pick<Actor, "device">): Origin =>
  originSchema.parse({ country, language });
