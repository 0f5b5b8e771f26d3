import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import type { TextModels } from "#src/providers/index.ts";
import type { TaskWork } from "#src/tasks/index.ts";
import { dataBlock, dataBlockRule, dataBlocks } from "../data-blocks.ts";
import { structuredAnswer } from "../structured-answer.ts";
import {
  checkBy,
  factorKey,
  optionKey,
  scoresSchema,
  type Thoughts,
  thoughtsSchema,
  toolFor,
} from "./answer-forms.ts";
import { findConflicts } from "./conflicts.ts";
import type { Option, Question, ReasoningAction } from "./question.ts";
import type { ReasoningConfig } from "./reasoning-config.ts";
import { reasoningError } from "./reasoning-error.ts";
import { rankOptions, type ScoredOption } from "./weighted-totals.ts";

/** Calls of one question that are out at a time: with a batch of three, as many as an invocation has connections. */
const maxCalls = 2;

const reasoningTypes: Record<ReasoningAction, string> = {
  analyze: "analysis",
  decide: "decision",
  evaluate: "evaluation",
  reason: "reasoning",
};

const styles: Record<ReasoningConfig["reasoning_style"], string> = {
  analytical: "Reason step by step from the evidence and keep to what it supports.",
  creative: "Look for angles and options that are not obvious before you settle.",
  balanced: "Weigh evidence and alternatives evenly.",
};

interface Evaluation extends ScoredOption {
  pros: readonly string[];
  cons: readonly string[];
  rationale: string;
}

interface Answered {
  thoughts: Thoughts;
  evaluations: Evaluation[];
}

/**
 * Answers a question of the general contract. Scores come from the model; weights,
 * totals and the choice between options are arithmetic and done here.
 * @throws TaskError `REASONING_004` for conflicting constraints, `REASONING_005` below the confidence wanted
 */
export async function answerQuestion(
  task: TaskWork,
  providers: TextModels,
  question: Question,
  config: ReasoningConfig,
): Promise<Record<string, unknown>> {
  const conflicts = findConflicts(question.constraints);
  if (conflicts.length > 0) throw reasoningError("REASONING_004", { conflicts });
  const { thoughts, evaluations } = await think(task, providers, question, config);
  if (thoughts.conflicting_constraints.length > 0) {
    throw reasoningError("REASONING_004", { conflicts: thoughts.conflicting_constraints });
  }
  if (thoughts.confidence < config.confidence_threshold) {
    const { confidence } = thoughts;
    throw reasoningError("REASONING_005", { confidence, confidence_threshold: config.confidence_threshold });
  }
  const steps = thoughts.reasoning_steps
    .slice(0, config.max_reasoning_steps)
    .map((step, index) => ({ step: index + 1, ...step }));
  const choice = evaluations.length > 0 ? chosen(question, evaluations) : undefined;
  const conclusion = choice?.conclusion ?? thoughts.conclusion;
  return {
    reasoning_type: reasoningTypes[question.action],
    conclusion,
    reasoning_steps: steps,
    confidence: thoughts.confidence,
    assumptions: config.enable_assumptions ? thoughts.assumptions : [],
    recommendations: thoughts.recommendations,
    ...choice?.ranking,
    reasoning_depth: steps.length,
    options_evaluated: evaluations.length,
    ...(config.output_format === "narrative" ? { narrative: narrated(steps, conclusion) } : {}),
  };
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const narrated = (steps: readonly Thoughts["reasoning_steps"][number][], conclusion: string): string =>
  [
    ...steps.map(({ description, findings }) => [description, ...findings].map(sentence).join(" ")),
    sentence(conclusion),
  ].join("\n\n");

/** The ranking and, where options are chosen from, the choice that follows from it. */
function chosen({ action, weights }: Question, evaluations: readonly Evaluation[]) {
  const ranked = rankOptions(evaluations, weights);
  const [best] = ranked;
  if (!best?.eligible) {
    throw reasoningError("REASONING_004", {
      reason: "Every option breaks a constraint",
      conflicts: ranked.map(({ id, violatedConstraints }) => ({ option: id, violated: violatedConstraints })),
    });
  }
  const options = ranked.map(({ violatedConstraints, ...option }) => ({
    ...option,
    violated_constraints: violatedConstraints,
  }));
  const ranking = { weights, options, weighted_total: best.total };
  if (action === "evaluate" && ranked.length === 1) return { conclusion: undefined, ranking };
  return {
    conclusion: `${best.id} (weighted total ${best.total}): ${best.rationale}`,
    ranking: { ...ranking, chosen_option: best.id },
  };
}

async function think(
  task: TaskWork,
  providers: TextModels,
  question: Question,
  config: ReasoningConfig,
): Promise<Answered> {
  const { options } = question;
  const separate = config.parallel_evaluation && options.length > 1;
  const groups = separate ? options.map((option) => [option]) : [options];
  const answers = await mapConcurrent(groups, maxCalls, (group, index) =>
    ask(task, providers, question, config, group, separate ? optionKey(index) : undefined),
  );
  return answers.reduce((all, next) => ({
    thoughts: {
      ...all.thoughts,
      reasoning_steps: [...all.thoughts.reasoning_steps, ...next.thoughts.reasoning_steps],
      // The result is as sure as its least sure part.
      confidence: Math.min(all.thoughts.confidence, next.thoughts.confidence),
      assumptions: [...new Set([...all.thoughts.assumptions, ...next.thoughts.assumptions])],
      recommendations: [...all.thoughts.recommendations, ...next.thoughts.recommendations],
      conflicting_constraints: [
        ...all.thoughts.conflicting_constraints,
        ...next.thoughts.conflicting_constraints,
      ],
    },
    evaluations: [...all.evaluations, ...next.evaluations],
  }));
}

async function ask(
  task: TaskWork,
  providers: TextModels,
  question: Question,
  config: ReasoningConfig,
  options: readonly Option[],
  part: string | undefined,
): Promise<Answered> {
  const { model, maxTokens, temperature, effort } = config;
  const common = {
    model,
    maxTokens,
    temperature,
    effort,
    system: systemPrompt(config),
    user: [...userTurn(task, question, config, options), instructions[question.action]],
  };
  const description = "Hands in the reasoning.";
  if (options.length === 0) {
    const tool = toolFor("submit_reasoning", description, thoughtsSchema);
    const thoughts = await structuredAnswer(
      task,
      providers,
      { ...common, tool },
      checkBy(thoughtsSchema),
      part,
    );
    return { thoughts, evaluations: [] };
  }
  const schema = scoresSchema(options, question.factors);
  const tool = toolFor("submit_reasoning", description, schema);
  const { evaluations, ...thoughts } = await structuredAnswer(
    task,
    providers,
    { ...common, tool },
    checkBy(schema),
    part,
  );
  return {
    thoughts,
    evaluations: options.flatMap(({ id }, index): Evaluation[] => {
      const given = evaluations[optionKey(index)];
      if (!given) return [];
      const { scores, violated_constraints, ...rest } = given;
      const byFactor = question.factors.map((factor, at) => [factor, scores[factorKey(at)] ?? 0]);
      return [
        { id, scores: Object.fromEntries(byFactor), violatedConstraints: violated_constraints, ...rest },
      ];
    }),
  };
}

const instructions: Record<ReasoningAction, string> = {
  analyze: "Analyse the subject. Cover every aspect named.",
  decide: "Evaluate every option for every factor. Do not add scores up: that is done for you.",
  evaluate: "Evaluate what is proposed for every criterion. Do not add scores up: that is done for you.",
  reason: "Answer the question about the scenario, by the approach named if one is.",
};

const systemPrompt = (config: ReasoningConfig): string =>
  [
    "You reason carefully about questions put to you.",
    styles[config.reasoning_style],
    `Take at most ${config.max_reasoning_steps} steps.`,
    config.enable_assumptions ? "State what you assume." : "Assume nothing that is not given.",
    "Name constraints that cannot hold together instead of passing over them.",
    dataBlockRule,
  ].join(" ");

function userTurn(
  { assignment }: TaskWork,
  { data, factors, constraints }: Question,
  { memory_enabled, memory_context_limit }: ReasoningConfig,
  options: readonly Option[],
): string[] {
  const memories = memory_enabled ? assignment.memories.slice(0, memory_context_limit) : [];
  const { options: _, criteria: __, evaluation_criteria: ___, constraints: ____, ...rest } = data;
  return [
    ...dataBlocks(rest),
    ...(options.length > 0 ? [dataBlock("options", options)] : []),
    ...(factors.length > 0 ? [dataBlock("factors", factors)] : []),
    ...(constraints.length > 0 ? [dataBlock("constraints", constraints)] : []),
    ...(memories.length > 0 ? [dataBlock("memories", memories)] : []),
  ];
}
