/** Something that is counted: it only grows. */
interface Counter {
  type: "counter";
  help: string;
  labels: readonly string[];
}

/** Something that is as much as it is when it is asked for. */
interface Gauge {
  type: "gauge";
  help: string;
  labels: readonly string[];
}

/** Something that is measured each time, counted by how large it was. */
interface Histogram {
  type: "histogram";
  help: string;
  labels: readonly string[];
  /** Upper bounds, rising; what is above all of them is counted as well. Others need another name. */
  buckets: readonly number[];
}

type MetricRow = Counter | Gauge | Histogram;

/** Of what somebody waits for: 5 ms to 30 s, in seconds. */
const answers = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Of what models and runs take: 0.1 s to an hour, in seconds. */
const works = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];

/**
 * Every metric: what it says, in which unit, and by which labels it is told apart. A label takes few values; what names
 * one thing of many (a tenant, a run, a path) belongs into a log line. Names are those of the system before, with
 * `queue` where it had Kafka.
 */
export const metricCatalogue = {
  ai_persona_workflows_started_total: {
    type: "counter",
    help: "Executions that began, without those that began within others",
    labels: [],
  },
  ai_persona_workflows_completed_total: {
    type: "counter",
    help: "Executions that ended, by how they did",
    labels: ["status"],
  },
  ai_persona_workflow_duration_seconds: {
    type: "histogram",
    help: "Time from the beginning of an execution to its end, waiting for people included",
    labels: ["status"],
    buckets: works,
  },
  ai_persona_active_workflows: {
    type: "gauge",
    help: "Executions that have begun and not ended, by their status",
    labels: ["status"],
  },
  ai_persona_agent_tasks_received_total: {
    type: "counter",
    help: "Task attempts that consumers have begun",
    labels: ["agent_type"],
  },
  ai_persona_agent_tasks_processed_total: {
    type: "counter",
    help: "Task attempts that consumers have ended: completed, failed, or deferred since a provider cannot be called",
    labels: ["agent_type", "status"],
  },
  ai_persona_agent_processing_duration_seconds: {
    type: "histogram",
    help: "Time that consumers have worked on a task attempt",
    labels: ["agent_type"],
    buckets: works,
  },
  ai_persona_fuel_consumed_total: {
    type: "counter",
    help: "Fuel that executions have spent, by whose work it was; `workflow` is their own",
    labels: ["agent_type"],
  },
  ai_persona_fuel_exhausted_total: {
    type: "counter",
    help: "Executions that ended because their fuel did not suffice",
    labels: [],
  },
  ai_persona_queue_messages_produced_total: {
    type: "counter",
    help: "Messages put on a queue",
    labels: ["queue"],
  },
  ai_persona_queue_messages_consumed_total: {
    type: "counter",
    help: "Messages taken from a queue; one that is delivered again counts again",
    labels: ["queue"],
  },
  ai_persona_queue_consumer_lag: {
    type: "gauge",
    help: "Messages on a queue that no consumer has taken yet",
    labels: ["queue"],
  },
  ai_persona_queue_consumer_lag_seconds: {
    type: "gauge",
    help: "Age of the oldest message on a queue that no consumer has taken yet",
    labels: ["queue"],
  },
  ai_persona_ai_service_requests_total: {
    type: "counter",
    help: "Calls of providers, each try for itself, by whether they succeeded",
    labels: ["provider", "status"],
  },
  ai_persona_ai_service_tokens_used_total: {
    type: "counter",
    help: "Tokens that models have read (input) and written (output)",
    labels: ["model", "type"],
  },
  ai_persona_ai_service_latency_seconds: {
    type: "histogram",
    help: "Time that a call of a provider took, each try for itself",
    labels: ["provider"],
    buckets: works,
  },
  ai_persona_memory_searches_total: {
    type: "counter",
    help: "Searches in what personas remember: by words alone, or by meaning as well",
    labels: ["by"],
  },
  ai_persona_memories_stored_total: {
    type: "counter",
    help: "Memories that were kept",
    labels: [],
  },
  ai_persona_circuit_breaker_state: {
    type: "gauge",
    help: "Whether calls of a provider may go out: 0 closed, 1 open, 2 half-open",
    labels: ["provider"],
  },
  ai_persona_circuit_breaker_trips_total: {
    type: "counter",
    help: "Times that a provider's circuit breaker has opened",
    labels: ["provider"],
  },
  ai_persona_http_requests_total: {
    type: "counter",
    help: "Requests that were answered",
    labels: ["method", "route", "status"],
  },
  ai_persona_http_request_duration_seconds: {
    type: "histogram",
    help: "Time that a request took until its answer began",
    labels: ["method", "route"],
    buckets: answers,
  },
  ai_persona_uncounted_calls_total: {
    type: "counter",
    help: "Calls that were let through because their callers' limits could not be asked for",
    labels: [],
  },
  ai_persona_system_errors_total: {
    type: "counter",
    help: "Lines that were logged as errors",
    labels: ["service"],
  },
  ai_persona_metrics_lost_total: {
    type: "counter",
    help: "Series of an isolate that found no room, or could not be handed over",
    labels: [],
  },
} as const satisfies Readonly<Record<`ai_persona_${string}`, MetricRow>>;

type Catalogue = typeof metricCatalogue;
export type MetricName = keyof Catalogue;
type NameOf<T extends MetricRow["type"]> = {
  [N in MetricName]: Catalogue[N]["type"] extends T ? N : never;
}[MetricName];
export type CounterName = NameOf<"counter">;
export type HistogramName = NameOf<"histogram">;

/** A value for each label of a metric. */
export type Labels<N extends MetricName> = Readonly<Record<Catalogue[N]["labels"][number], string>>;

export const isMetric = (name: string): name is MetricName => Object.hasOwn(metricCatalogue, name);
export const metricNames: readonly MetricName[] = Object.keys(metricCatalogue).filter(isMetric);

/** What is known of a metric. */
export const metricOf = (name: MetricName): MetricRow => metricCatalogue[name];

/** The values of a metric's labels, in the order in which they are told. */
export const labelValues = <N extends MetricName>(name: N, labels: Labels<N>): string[] => {
  const given: Readonly<Record<string, string>> = labels;
  return metricOf(name).labels.map((label) => given[label] ?? "");
};
