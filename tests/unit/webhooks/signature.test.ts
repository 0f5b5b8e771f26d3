import fc from "fast-check";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { describe, expect, it } from "vitest";
import { newSecret, signedHeaders } from "#src/webhook-delivery/index.ts";

const verifiers = { standardwebhooks: StandardWebhook, svix: SvixWebhook };
const id = "msg_demo_client_1";

describe.each(Object.entries(verifiers))("The verifier of %s", (_, Webhook) => {
  it("accepts whatever is signed", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.stringMatching(/^[\w-]{1,64}$/), (value, messageId) => {
        const secret = newSecret();
        const body = JSON.stringify({ data: value });
        const headers = signedHeaders({ id: messageId, body, at: Date.now() }, [secret]);
        expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
      }),
    );
  });

  it("accepts each of the secrets that were in force, and no other", () => {
    const [latest, before, stranger] = [newSecret(), newSecret(), newSecret()];
    const headers = signedHeaders({ id, body: "{}", at: Date.now() }, [latest, before]);
    for (const secret of [latest, before])
      expect(() => new Webhook(secret).verify("{}", headers)).not.toThrow();
    expect(() => new Webhook(stranger).verify("{}", headers)).toThrow();
  });

  it("refuses another body, another id, and what is older than five minutes", () => {
    const secret = newSecret();
    const verify = (body: string, headers: Record<string, string>) => () =>
      new Webhook(secret).verify(body, headers);
    const headers = signedHeaders({ id, body: "{}", at: Date.now() }, [secret]);
    expect(verify("[]", headers)).toThrow();
    expect(verify("{}", { ...headers, "webhook-id": "msg_demo_client_2" })).toThrow();
    expect(verify("{}", signedHeaders({ id, body: "{}", at: Date.now() - 301_000 }, [secret]))).toThrow();
  });
});

it("A secret is 256 random bits in the form of Standard Webhooks", () => {
  const secret = newSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSecret()).not.toBe(secret);
});
