/**
 * What the sandbox can be made to do: by `#mode` in a prompt or query, by the
 * header `x-sandbox-mode: mode`, or by a model called `…sandbox-mode`. With
 * `-once` behind it only the first call of each idempotency key (or each text,
 * where there is no key) gets it, so that a run shows a retry that succeeds.
 */
const failureModes = {
  "429-long": "Too many requests, with a minute's Retry-After, always",
  "429": "Too many requests, with a second's Retry-After, on the first call",
  "529": "Overloaded",
  fail: "500",
  "500": "500",
  slow: "Answers after three seconds",
  hang: "Never answers",
  stall: "Begins to answer and stops there",
  reset: "The connection breaks off in mid-answer",
  interrupted: "An error event in mid-stream",
  truncated: "JSON that breaks off",
  empty: "No content",
  refusal: "The model, or the filter for pictures, refuses",
  badimage: "A picture that is none",
  halfimage: "A picture that breaks off",
  huge: "20 MB",
  obey: "A model that does whatever anything it reads asks for, also with tools that there are not",
  misfit: "A structured answer that does not fit its schema",
  badplan: "A plan that does not go together",
  words: "A structured answer in words around JSON",
  conflict: "Reasoning that finds conflicting constraints",
  unsure: "Reasoning with little confidence",
  reject: "A review that does not pass",
} as const;

export type FailureMode = keyof typeof failureModes;

const isMode = (name: string | undefined): name is FailureMode =>
  name !== undefined && Object.hasOwn(failureModes, name);

const names = Object.keys(failureModes).join("|");
const inText = new RegExp(`#(${names})(-once)?(?![\\w-])`);
const inName = new RegExp(`^(?:.*sandbox-)?(${names})(-once)?$`);

const seen = new Set<string>();
const maxSeen = 10_000;

/** Whether this key comes for the first time. */
function isFirst(key: string): boolean {
  if (seen.has(key)) return false;
  if (seen.size >= maxSeen) seen.clear();
  seen.add(key);
  return true;
}

/**
 * How this call is to fail, if at all.
 * @param key what makes two calls the same one, for modes that strike once
 */
export function failureModeOf(
  request: Request,
  { text, model = "", key = text }: { text: string; model?: string; key?: string },
): FailureMode | undefined {
  const [, mode, once] =
    inName.exec(request.headers.get("x-sandbox-mode") ?? "") ?? inText.exec(text) ?? inName.exec(model) ?? [];
  if (!isMode(mode)) return undefined;
  const strikesOnce = once !== undefined || mode === "429";
  return strikesOnce && !isFirst(`${new URL(request.url).pathname} ${mode} ${key}`) ? undefined : mode;
}
