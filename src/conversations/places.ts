/** Whoever has a socket at a conversation, or wants one. */
export interface PlaceHolder {
  personId: string;
  as: "owner" | "staff";
  /** Whether it is an account's, or a visitor's of a page; an account's when left out. */
  kind?: "user" | "visitor";
}

/** Sockets of one conversation that are open at once: in all, of one person, and of all of the staff together. */
export const places = { inAll: 100, ofPerson: { user: 20, visitor: 5 }, ofStaff: 80 } as const;

/** Whether there is a place for one more: the staff, however many they are, leave some for whoever's conversation it is. */
export function hasPlace(
  taken: readonly PlaceHolder[],
  { personId, as, kind = "user" }: PlaceHolder,
): boolean {
  const ofPerson = taken.filter((one) => one.personId === personId).length;
  const ofStaff = taken.filter((one) => one.as === "staff").length;
  return (
    taken.length < places.inAll &&
    ofPerson < places.ofPerson[kind] &&
    (as === "owner" || ofStaff < places.ofStaff)
  );
}
