import { fuelBudgets } from "#src/engine/fuel.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Persona } from "#src/objects/conversation-persona.ts";
import { storedConfigSchema } from "#src/personas/index.ts";
import type { Platform } from "#src/platform.ts";
import { laneOf } from "#src/runs/index.ts";
import { type ChatInstance, findChatInstance } from "./chat-instance-repository.ts";
import { resolveTools } from "./publication/resolve-tools.ts";

/** A persona as somebody may talk with it. */
export interface ChatPersona {
  persona: Persona;
  greeting: string | null;
  /** Whether people may ask for a person. */
  handsOver: boolean;
}

/** Whether somebody may talk with a persona: its owner, and all of its tenant once it is published for them. */
const isFor = ({ ownerId, chat }: ChatInstance, { userId }: Pick<Account, "userId">): boolean =>
  ownerId === userId || (chat?.enabled === true && chat.audience === "tenant");

/**
 * A persona as it is now, for a turn: what it says, and what its runs need. Fuel and lane are those of its owner, whoever
 * talks with it; its memory is that of the person and what is shared, which the conversation says of each run.
 * @throws AppError `NOT_FOUND` for one that is not there for the caller; `PERSONA_DISABLED`; `MAINTENANCE` while no
 * execution may begin
 */
export async function chatPersona(
  { db, config }: Pick<Platform, "db" | "config">,
  actor: Pick<Account, "clientId" | "userId">,
  instanceId: string,
): Promise<ChatPersona> {
  const { executions_open, fuel_budgets } = await config();
  if (!executions_open) throw new AppError("MAINTENANCE", { message: "No execution may begin at present" });
  const instance = await findChatInstance(db, actor.clientId, instanceId);
  if (!instance || !isFor(instance, actor))
    throw new AppError("NOT_FOUND", { message: "No such persona instance" });
  if (!instance.isActive) throw new AppError("PERSONA_DISABLED");
  const { ownerId, ownerTier: tier, name, chat, agents, projectId, templateId, templateVersion } = instance;
  const { workflow, ...settings } = storedConfigSchema.parse(instance.config);
  const budget = fuel_budgets[tier] ?? fuelBudgets[tier];
  const tools = chat?.tools ?? [];
  const { workflows } = await resolveTools(db, actor.clientId, tools);
  const words = [settings.system_prompt, settings.custom_prompt].filter((text) => typeof text === "string");
  return {
    greeting: chat?.greeting ?? null,
    handsOver: chat?.handover ?? false,
    persona: {
      systemPrompt: words.join("\n\n") || `You are ${name}.`,
      model: typeof settings.model === "string" ? settings.model : null,
      tools,
      personalisation: chat?.personalisation ?? "off",
      onBusy: chat?.onBusy ?? "queue",
      handover: chat?.handover
        ? { words: chat.handoverTriggers.words, unhelpfulTurns: chat.handoverTriggers.unhelpful_turns }
        : null,
      run: {
        userId: ownerId,
        tier,
        projectId,
        templateId,
        templateVersion,
        config: settings,
        agents,
        workflows,
        fuelBudget: Math.min(chat?.fuelPerTurn ?? budget, budget),
        lane: laneOf(tier, undefined),
      },
    },
  };
}
