import { z } from "zod";

/** From where something has come, as far as that is told: what figures are told by, and nothing that is kept. */
export const originSchema = z.object({
  /** Two letters of ISO 3166. */
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  /** As in `en`. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .optional(),
});
export type Origin = z.infer<typeof originSchema>;
