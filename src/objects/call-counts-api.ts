/** So many calls at most in a period that begins with the first of them. */
export interface CallLimit {
  seconds: number;
  most: number;
}

/** What an isolate asks the gate that counts somebody's calls. */
export interface CallsAsked {
  /** Whose calls: an account's id, or what stands for an address. */
  key: string;
  /** What holds of them; none twice for one period. */
  limits: readonly CallLimit[];
  /** Calls that wait for the answer. */
  wanted: number;
  /** Calls that are likely to come next, so that they need not ask. */
  reserve: number;
  /** Names what is granted, once among all isolates. */
  grant: string;
  /** What was granted to this isolate before, and how much of it was not used. */
  former?: { grant: string; unused: number };
}

/** What may be done without asking again, until the first of the windows ends. */
export interface CallsGranted {
  /** Fewer than wanted where there are no more. */
  granted: number;
  /** By limit, in their order: what is left besides, and in how many milliseconds all is left again. */
  windows: { remaining: number; resetsIn: number }[];
}

/** Counts calls, exactly, for all isolates. */
export interface CallCountsApi {
  /** Grants calls out of what is left; takes back what was granted before and was not used. */
  takeCalls(asked: CallsAsked): Promise<CallsGranted>;
}
