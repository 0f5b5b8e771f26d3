import { describe, expect, it, vi } from "vitest";
import { Audience } from "#durable-objects/tenant-workflows/delivery/audience.ts";

const hub = (sockets: number) => vi.fn(async () => ({ sockets }));

describe("An audience", () => {
  it("is told as long as somebody is there", async () => {
    const audience = new Audience();
    const publish = hub(1);
    await audience.tell(publish);
    await audience.tell(publish);
    expect(publish).toHaveBeenCalledTimes(2);
  });

  it("is told nothing more once nobody was there", async () => {
    const audience = new Audience();
    const publish = hub(0);
    await audience.tell(publish);
    await audience.tell(publish);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it("is told again when somebody arrives", async () => {
    const audience = new Audience();
    await audience.tell(hub(0));
    audience.arrived();
    const publish = hub(1);
    await audience.tell(publish);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it("is there when somebody arrived while the hub counted nobody yet", async () => {
    const audience = new Audience();
    await audience.tell(async () => {
      audience.arrived();
      return { sockets: 0 };
    });
    const publish = hub(1);
    await audience.tell(publish);
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it("is told again after the hub could not be reached", async () => {
    const audience = new Audience();
    await expect(audience.tell(() => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
    const publish = hub(1);
    await audience.tell(publish);
    expect(publish).toHaveBeenCalledTimes(1);
  });
});
