import { circuitBreaker } from "#durable-objects/circuit-breaker/client.ts";
import type { DurableObjectNamespaces } from "#durable-objects/environment.ts";
import { tenantWorkflowsOfRun } from "#durable-objects/tenant-workflows/client.ts";
import { adapterOfTask } from "#src/agents/adapter-of-task.ts";
import { makeImage } from "#src/agents/make-image.ts";
import { searchWeb } from "#src/agents/search-web.ts";
import { TaskError } from "#src/engine/task-error.ts";
import { agentTypeOfTopic } from "#src/engine/topics.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { createLogger } from "#src/observability/logger.ts";
import { chooseUpstream } from "#src/providers/upstream.ts";
import { consumeTasks } from "#src/tasks/consume-tasks.ts";
import { type DeadLetterBindings, deadLettersOf } from "#src/tasks/dead-letter-queues.ts";
import { detachedWork } from "#src/tasks/detached-work.ts";
import type { TaskEnvelope } from "#src/tasks/envelope.ts";
import { Places } from "#src/tasks/places.ts";

/** Bindings of the adapters Worker (its wrangler.toml). */
export interface AdaptersEnv
  extends Pick<DurableObjectNamespaces, "TENANT_WORKFLOWS" | "CIRCUIT_BREAKER">,
    DeadLetterBindings<"adapters"> {
  BLOBS: R2Bucket;
  /** Bound in development only. */
  SANDBOX?: Fetcher;
}

/** Pictures of one batch that are made at a time: each needs several times its size in memory. */
const maxImages = 3;

function imageAdapter(env: AdaptersEnv) {
  const settings = settingsOf(env);
  const { STABILITY_API_KEY: key, STABILITY_API_URL: url } = settings;
  const upstream = chooseUpstream(
    { key, url, defaultUrl: "https://api.stability.ai" },
    settings,
    env.SANDBOX,
  );
  if (!upstream) throw new TaskError("EXTERNAL_SERVICE_ERROR", "No image provider is configured");
  return { upstream, breaker: circuitBreaker(env, "stability"), blobs: env.BLOBS };
}

function searchAdapter(env: AdaptersEnv) {
  const settings = settingsOf(env);
  const { SERP_API_KEY: key, SERP_API_URL: url } = settings;
  const defaultUrl = "https://serpapi.com/search";
  const upstream = chooseUpstream({ key, url, defaultUrl, sandboxPath: "/search" }, settings, env.SANDBOX);
  if (!upstream) throw new TaskError("EXTERNAL_SERVICE_ERROR", "No search provider is configured");
  return { upstream, breaker: circuitBreaker(env, "serpapi") };
}

/** Whether a message is about a picture, as far as it says so. */
const mayBeImage = ({ topic, payload }: TaskEnvelope): boolean =>
  agentTypeOfTopic(topic) === "image-generator" ||
  (agentTypeOfTopic(topic) !== "web-search" && payload?.action !== "web_search");

export default {
  async queue(batch, env, ctx) {
    const images = new Places(maxImages);
    await consumeTasks(batch, {
      name: "adapters",
      workflowsOf: (clientId, runId) => tenantWorkflowsOfRun(env, clientId, runId),
      deadLetters: deadLettersOf("adapters", env, batch.queue),
      blobs: env.BLOBS,
      detached: detachedWork(env, ctx),
      placesFor: (envelope) => (mayBeImage(envelope) ? images : undefined),
      logger: createLogger("adapters", settingsOf(env).LOG_LEVEL),
      work: async (task) =>
        adapterOfTask(task.assignment) === "image"
          ? makeImage(task, imageAdapter(env))
          : searchWeb(task, searchAdapter(env)),
    });
  },
} satisfies ExportedHandler<AdaptersEnv>;
