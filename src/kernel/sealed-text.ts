const algorithm = "AES-GCM";
const ivBytes = 12;

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));

const importKey = (key: string, usage: "encrypt" | "decrypt") =>
  crypto.subtle.importKey("raw", Buffer.from(key, "base64"), algorithm, false, [usage]);

/** A new key for `sealText`: 256 random bits in base64. */
export const newSealKey = (): string => Buffer.from(random(32)).toString("base64");

/** Encrypts a text under the name of the place where it is to lie; it opens under no other. */
export async function sealText(key: string, name: string, text: string): Promise<Uint8Array> {
  const iv = random(ivBytes);
  const options = { name: algorithm, iv, additionalData: Buffer.from(name) };
  const sealed = await crypto.subtle.encrypt(
    options,
    await importKey(key, "encrypt"),
    new TextEncoder().encode(text),
  );
  return Buffer.concat([iv, new Uint8Array(sealed)]);
}

/**
 * The text that was sealed.
 * @throws when it is of another key or place, or was changed
 */
export async function openText(key: string, name: string, bytes: ArrayBuffer): Promise<string> {
  const options = { name: algorithm, iv: bytes.slice(0, ivBytes), additionalData: Buffer.from(name) };
  const text = await crypto.subtle.decrypt(options, await importKey(key, "decrypt"), bytes.slice(ivBytes));
  return new TextDecoder().decode(text);
}
