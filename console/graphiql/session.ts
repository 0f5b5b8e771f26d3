/** The account that development has, and what it is signed in with. */
export const demo = { email: "user@demo.test", password: "Demo-User-1" } as const;

/** Whether the page is this machine's own, where the demo account is. */
export const isDevelopment = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

/** What a text field of an answer says; undefined where there is none. */
function textIn(answer: unknown, field: string): string | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const value: unknown = Reflect.get(answer, field);
  return typeof value === "string" ? value : undefined;
}

/** @throws with the answer's words where it is refused */
async function post(
  path: string,
  body: object | undefined,
  headers: Record<string, string>,
): Promise<unknown> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    body: body ? JSON.stringify(body) : null,
  });
  const said: unknown = await answer.json();
  if (answer.ok) return said;
  throw new Error(textIn(said, "message") ?? `Refused with ${answer.status}`);
}

/** An access token for somebody. @throws where they are not let in */
export async function signIn(email: string, password: string): Promise<string> {
  const token = textIn(await post("/api/v1/auth/login", { email, password }, {}), "access_token");
  if (token === undefined) throw new Error("There was no token in the answer");
  return token;
}

/** What a socket is opened with: a ticket is good for one. */
export async function socketAddress(token: string): Promise<string> {
  const answer = await post("/api/v1/ws/ticket", undefined, { authorization: `Bearer ${token}` });
  const address = new URL("/graphql", location.href.replace(/^http/, "ws"));
  address.searchParams.set("ticket", textIn(answer, "ticket") ?? "");
  return address.href;
}
