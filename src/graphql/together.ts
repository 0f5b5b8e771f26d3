import type { GraphqlContext } from "./context.ts";
import type { Row } from "./rows.ts";

/** Things that one question asks for at most; REST's lists take as many ids. */
const maxTogether = 100;

type Find = (context: GraphqlContext, ids: string[]) => Promise<readonly Row[]>;

/** What waits to be asked for with one question. */
interface Waiting {
  ids: Set<string>;
  found: Promise<ReadonlyMap<string, Row>>;
}

/** Lets whatever stands beside a field of a list say what it needs as well. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await null;
}

/**
 * Has things that many fields of a request lead to, each by itself, asked for together: the fields of one list with one
 * question, whatever the length of the list. What a request has read it does not read again, unless it changes something.
 * @param find those of some ids, in any order; those that are not there, or not to be seen, are left out
 */
export function together(find: Find): (context: GraphqlContext, id: string) => Promise<Row | null> {
  const requests = new WeakMap<GraphqlContext, { open?: Waiting; known: Map<string, Waiting> }>();
  return async (context, id) => {
    const request = requests.get(context) ?? { known: new Map<string, Waiting>() };
    requests.set(context, request);
    const before = context.changes ? undefined : request.known.get(id);
    const waiting = before ?? openIn(request, context, find);
    if (!before) {
      waiting.ids.add(id);
      request.known.set(id, waiting);
      if (waiting.ids.size >= maxTogether) request.open = undefined;
    }
    return (await waiting.found).get(id) ?? null;
  };
}

/** The question that is still being put together. */
function openIn(request: { open?: Waiting }, context: GraphqlContext, find: Find): Waiting {
  if (request.open) return request.open;
  const ids = new Set<string>();
  const ask = async () => {
    await turns();
    if (request.open === waiting) request.open = undefined;
    const rows = await find(context, [...ids]);
    return new Map(rows.map((row) => [String(row.id), row]));
  };
  const waiting: Waiting = { ids, found: ask() };
  request.open = waiting;
  return waiting;
}
