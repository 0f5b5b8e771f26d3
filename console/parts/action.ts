import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { tell, tellFailure } from "./messages.tsx";

interface ActionOptions {
  /** Said once it is done. */
  done?: string;
  /** What is fetched again after that: the beginnings of keys. */
  stale?: readonly string[][];
}

/**
 * Something that changes the platform: done once at a time, told when it is done, and told when it is refused.
 * @returns what does it, and whether it is being done; what is done resolves to whether it went well
 */
export function useAction<A extends readonly unknown[]>(
  work: (...given: A) => Promise<unknown>,
  { done, stale = [] }: ActionOptions = {},
) {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const act = async (...given: A): Promise<boolean> => {
    setBusy(true);
    try {
      await work(...given);
      if (done) tell(done);
      return true;
    } catch (error) {
      tellFailure(error);
      return false;
    } finally {
      setBusy(false);
      for (const queryKey of stale) void queries.invalidateQueries({ queryKey });
    }
  };
  return [act, isBusy] as const;
}
