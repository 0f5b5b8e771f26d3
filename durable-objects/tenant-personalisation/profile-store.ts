import { z } from "zod";
import {
  type Location,
  locationSchema,
  type Page,
  type Preferences,
  pageSchema,
  preferencesSchema,
} from "#src/objects/profile-parts.ts";

type ProfileRow = {
  version: number;
  pages: string;
  location: string | null;
  preferences: string;
  created_at: number;
  updated_at: number;
};

/** A profile as it is stored: what somebody has written. */
export interface StoredProfile {
  pages: Page[];
  location: Location | null;
  preferences: Preferences;
  version: number;
  updatedAt: number;
}

const pagesSchema = z.array(pageSchema);

/** Profiles of persons. */
export class ProfileStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  find(personId: string): StoredProfile | undefined {
    const [row] = this.#sql
      .exec<ProfileRow>("SELECT * FROM profiles WHERE person_id = ?", personId)
      .toArray();
    return row && profileOf(row);
  }

  /** Writes a profile in its next version. */
  write(
    personId: string,
    { pages, location, preferences }: Pick<StoredProfile, "pages" | "location" | "preferences">,
    now: number,
  ): void {
    this.#sql.exec(
      `INSERT INTO profiles (person_id, version, pages, location, preferences, created_at, updated_at)
       VALUES (?, 1, ?, ?, ?, ?, ?)
       ON CONFLICT (person_id) DO UPDATE SET
         version = version + 1, pages = excluded.pages, location = excluded.location,
         preferences = excluded.preferences, updated_at = excluded.updated_at`,
      personId,
      JSON.stringify(pages),
      location === null ? null : JSON.stringify(location),
      JSON.stringify(preferences),
      now,
      now,
    );
  }

  erase(personId: string): void {
    this.#sql.exec("DELETE FROM profiles WHERE person_id = ?", personId);
  }
}

const profileOf = ({ version, pages, location, preferences, updated_at }: ProfileRow): StoredProfile => ({
  version,
  pages: pagesSchema.parse(JSON.parse(pages)),
  location: location === null ? null : locationSchema.parse(JSON.parse(location)),
  preferences: preferencesSchema.parse(JSON.parse(preferences)),
  updatedAt: updated_at,
});
