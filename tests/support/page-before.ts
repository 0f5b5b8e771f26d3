import { once } from "node:events";
import { request as ask, createServer } from "node:http";
import { connect } from "node:net";

/**
 * A page of the platform's own origin: `/` is ours, what is posted to `/told` is what the page has to say, and all else is
 * the platform's, its WebSocket too.
 */
export async function pageBefore(baseUrl: string, html: string) {
  const platform = new URL(baseUrl);
  const told = Promise.withResolvers<string>();
  const server = createServer(async (request, response) => {
    if (request.url === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(html);
      return;
    }
    if (request.url === "/told") {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(Buffer.from(part));
      told.resolve(Buffer.concat(parts).toString());
      response.end();
      return;
    }
    const { method, headers, url } = request;
    const onward = ask(
      { host: platform.hostname, port: platform.port, method, headers, path: url },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  });
  server.on("upgrade", ({ method, url, rawHeaders }, near, head) => {
    const far = connect(Number(platform.port), platform.hostname);
    const lines = rawHeaders.flatMap((name, index) =>
      index % 2 ? [] : [`${name}: ${rawHeaders[index + 1]}`],
    );
    far.write([`${method} ${url} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
    far.write(head);
    far.pipe(near);
    near.pipe(far);
    for (const socket of [near, far]) socket.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("It does not listen");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    told: told.promise,
    close: () => server.closeAllConnections(),
  };
}
