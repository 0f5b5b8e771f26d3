/** What a person has an instance remember at most; and all people together, by how much it keeps itself. */
const ofPeople = { each: 200, allPerOwn: 20 } as const;

interface Kept {
  instanceId: string;
  /** Whose the newest memory is; null for the instance's own. */
  person: string | null;
  maxMemories: number;
  newest: number;
}

type Row = { id: number; instance_id: string };

/**
 * The memories that are too many beside the newest: the least used, the oldest of them first. What an instance keeps itself
 * is bounded, what a person has it keep, and what all people have it keep: none of them crowds out another.
 */
export function tooMany(sql: SqlStorage, { instanceId, person, maxMemories, newest }: Kept): Row[] {
  const beyond = (most: number, which: string, ...values: string[]): Row[] => {
    const { n } = sql
      .exec<{ n: number }>(`SELECT count(*) AS n FROM memories WHERE ${which}`, ...values)
      .one();
    if (n <= most) return [];
    const query = `SELECT id, instance_id FROM memories WHERE ${which} AND id <> ? ORDER BY uses, used_at, id LIMIT ?`;
    return sql.exec<Row>(query, ...values, newest, n - most).toArray();
  };
  if (person === null) return beyond(maxMemories, "instance_id = ? AND person IS NULL", instanceId);
  const each = Math.min(maxMemories, ofPeople.each);
  const theirs = beyond(each, "instance_id = ? AND person = ?", instanceId, person);
  if (theirs.length > 0) return theirs;
  return beyond(maxMemories * ofPeople.allPerOwn, "instance_id = ? AND person IS NOT NULL", instanceId);
}
