import { z } from "zod";
import { type Actor, isTalker, personOf } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { CountedWriting, WritingLeave } from "#src/objects/writing-leave.ts";
import { requireNoMaintenance } from "#src/operation/maintenance.ts";
import { policies } from "#src/operation/policy.ts";
import { admit } from "#src/operation/rights.ts";
import type { Platform } from "#src/platform.ts";
import { messagesOf } from "../allowance.ts";
import { chatPersona } from "../chat-persona.ts";

const policy = policies.sendMessage;

/** What a conversation says of itself: whose it is, it knows. */
const askedSchema = z.object({ instance_id: z.string() });

/**
 * Whether somebody may write to a persona, for the conversation that they have opened a socket at: it lets them go on for
 * a while (docs/conversations.md#the-socket). The same is asked as where they send a message, but for what the message says.
 * @throws AppError as `sendMessage`
 */
export async function leaveToWrite(
  platform: Platform,
  actor: Actor,
  asked: Record<string, unknown>,
): Promise<WritingLeave> {
  const talker = admit(actor, policy);
  if (!isTalker(talker)) throw new AppError("INSUFFICIENT_PERMISSIONS");
  await requireNoMaintenance(platform, talker, policy);
  const person = personOf(talker);
  const [{ persona, dailyTurns }, calls] = await Promise.all([
    chatPersona(platform, person, askedSchema.parse(asked).instance_id),
    platform.limits?.countedCalls(talker, policy.rate),
  ]);
  // What is said is held against rules where those are, and answers are counted where it is known that there will be one.
  const isAskedEachTime = persona.moderated || dailyTurns !== null;
  const counted: CountedWriting[] = messagesOf(platform, person);
  if (calls) counted.push({ ...calls, tooMuch: "More calls than anybody may do", everyCall: true });
  return { persona: isAskedEachTime ? null : persona, counted };
}
