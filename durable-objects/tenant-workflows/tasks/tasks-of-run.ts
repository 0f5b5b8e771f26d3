/** SQL for tasks of a run, given its id twice: their ids begin with it, so they are a range of the column's index. */
export const ofRun = (column: "id" | "parent_task"): string =>
  `${column} >= ? || '.' AND ${column} < ? || '/'`;
