/** One message of a stream of server-sent events. */
export interface ServerSentEvent {
  /** The number to go on after; undefined while the stream has told none. */
  id: string | undefined;
  event: string;
  /** Empty where the server only told a number, or that it is there. */
  data: string;
}

/** Reads a stream of server-sent events (WHATWG HTML, 9.2.6), however it is cut into pieces. */
export async function* serverSentEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<ServerSentEvent> {
  let [id, event, data]: [string | undefined, string, string[]] = [undefined, "message", []];
  for await (const line of linesOf(body)) {
    if (line === "") {
      yield { id, event, data: data.join("\n") };
      [event, data] = ["message", []];
      continue;
    }
    const [field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line)?.slice(1) ?? [];
    if (field === "id") id = value;
    else if (field === "event") event = value;
    else if (field === "data") data.push(value);
  }
}

/** The server says that it is there every 15 s; who has said nothing for so long is gone. */
const silenceMs = 45_000;

/** Whole lines; one that the stream ends in is none. A stream that falls silent has ended. */
async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const read = async () => {
    const timer = setTimeout(() => void reader.cancel(), silenceMs);
    try {
      return await reader.read();
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    let rest = "";
    for (let part = await read(); !part.done; part = await read()) {
      rest += part.value;
      // A line may end in both, and the second be still on its way.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      yield* lines;
    }
    if (rest.endsWith("\r")) yield rest.slice(0, -1);
  } finally {
    await reader.cancel();
  }
}
