import { fuelBudgets } from "#src/engine/fuel.ts";
import type { Person } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { isModerated, requireNotBanned } from "#src/moderation/index.ts";
import type { Persona } from "#src/objects/conversation-persona.ts";
import { storedConfigSchema } from "#src/personas/index.ts";
import type { Platform } from "#src/platform.ts";
import { laneOf } from "#src/runs/index.ts";
import { holdoutOf } from "#src/tenants/index.ts";
import { mayBePublic, openingFor } from "#src/visitors/index.ts";
import type { Opening } from "#src/widgets/index.ts";
import { type ChatInstance, findChatInstance } from "./chat-instance-repository.ts";
import { resolveChatWorkflow } from "./publication/resolve-chat-workflow.ts";
import { resolveTools } from "./publication/resolve-tools.ts";

/** A persona as somebody may talk with it. */
export interface ChatPersona {
  persona: Persona;
  greeting: string | null;
  /** Whether this person may ask for a person: not where nobody is there for them at present. */
  handsOver: boolean;
  /** When somebody is there again, for whoever asks outside of the hours of their widget. */
  opensAt: number | null;
  /** Answers that this person may have within a day; null where nothing but their fuel bounds them. */
  dailyTurns: number | null;
}

/** The refusal for a persona that is not there for whoever asks. */
export const noSuchPersona = () => new AppError("NOT_FOUND", { message: "No such persona instance" });

/** What a persona is told of who could take over: it promises nobody who is not there. */
const awayWords = ({ opensAt }: Pick<Opening, "opensAt">): string =>
  `No person can take over at present${opensAt === null ? "" : `, but from ${isoTime(opensAt)} on`}. Say so where one is asked for.`;

/** Whether somebody may talk with a persona: its owner, and whom it is published for. */
const isFor = ({ ownerId, ownerTier, chat }: ChatInstance, { id, kind }: Person): boolean => {
  if (kind === "visitor")
    return chat?.enabled === true && chat.audience === "public" && mayBePublic(ownerTier);
  return ownerId === id || (chat?.enabled === true && chat.audience !== "owner");
};

/**
 * A persona as it is now, for a turn: what it says, and what its runs need. Fuel and lane are those of its owner, whoever
 * talks with it; its memory is that of the person and what is shared, which the conversation says of each run.
 * @throws AppError `NOT_FOUND` for one that is not there for the caller; `PERSONA_DISABLED`; `BANNED`; `MAINTENANCE` while no
 * execution may begin
 */
export async function chatPersona(
  { db, config, clock }: Pick<Platform, "db" | "config" | "clock">,
  person: Person,
  instanceId: string,
): Promise<ChatPersona> {
  const { executions_open, fuel_budgets } = await config();
  if (!executions_open) throw new AppError("MAINTENANCE", { message: "No execution may begin at present" });
  const [instance, moderated, opening] = await Promise.all([
    findChatInstance(db, person.clientId, instanceId),
    isModerated({ db, clock }, person.clientId),
    openingFor({ db, clock }, person),
    requireNotBanned({ db, clock }, person),
  ]);
  if (!instance || !isFor(instance, person)) throw noSuchPersona();
  if (!instance.isActive) throw new AppError("PERSONA_DISABLED");
  const { ownerId, ownerTier: tier, name, chat, agents, projectId, templateId, templateVersion } = instance;
  const { workflow, ...settings } = storedConfigSchema.parse(instance.config);
  const budget = fuel_budgets[tier] ?? fuelBudgets[tier];
  const handsOver = chat?.handover === true && opening.isOpen;
  const tools = (chat?.tools ?? []).filter((tool) => handsOver || tool !== "handover_to_human");
  const [{ workflows: ofTools }, holdoutPercent, followed] = await Promise.all([
    resolveTools(db, person.clientId, tools),
    tools.includes("recommend") ? holdoutOf(db, person.clientId) : 0,
    chat?.chatWorkflow ? resolveChatWorkflow(db, person.clientId, chat.chatWorkflow, settings) : undefined,
  ]);
  // One that is not there any more leaves the persona to answer as if it had named none.
  const plan = followed?.ok ? followed.value : undefined;
  const away = chat?.handover && !opening.isOpen ? [awayWords(opening)] : [];
  const words = [settings.system_prompt, settings.custom_prompt].filter((text) => typeof text === "string");
  return {
    greeting: chat?.greeting ?? null,
    handsOver,
    opensAt: opening.opensAt,
    dailyTurns: ownerId === person.id ? null : (chat?.dailyTurnsPerPerson ?? null),
    persona: {
      systemPrompt: [words.join("\n\n") || `You are ${name}.`, ...away].join("\n\n"),
      model: typeof settings.model === "string" ? settings.model : null,
      tools,
      personalisation: chat?.personalisation ?? "off",
      holdoutPercent,
      insights: chat?.insights ?? false,
      workflow: plan?.definition ?? null,
      autoTitle: chat?.autoTitle ?? false,
      moderated,
      reopens: instance.reopens,
      onBusy: chat?.onBusy ?? "queue",
      handover: handsOver
        ? {
            words: chat.handoverTriggers.words,
            unhelpfulTurns: chat.handoverTriggers.unhelpful_turns,
            wantsHuman: chat.handoverTriggers.wants_human ?? false,
            sentimentBelow: chat.handoverTriggers.sentiment_below ?? null,
          }
        : null,
      run: {
        userId: ownerId,
        tier,
        projectId,
        templateId,
        templateVersion,
        config: settings,
        agents: { ...plan?.agents, ...agents },
        workflows: { ...plan?.workflows, ...ofTools },
        fuelBudget: Math.min(chat?.fuelPerTurn ?? budget, budget),
        lane: laneOf(tier, undefined),
      },
    },
  };
}
