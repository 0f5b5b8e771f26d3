import { z } from "zod";

/** A person, as a tenant's personalisation knows them: the id of an account, or of a visitor. */
export const personIdSchema = z.string().min(1).max(100);
