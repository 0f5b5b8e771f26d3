import { type SQL, sql } from "drizzle-orm";
import { usageFigures } from "#src/engine/usage-figures.ts";

const listed = (of: (figure: string) => string): SQL => sql.raw(usageFigures.map(of).join(", "));

/** Figures added up, as columns. */
export const summedFigures = listed((figure) => `sum(${figure}) AS ${figure}`);

/** Figures in a JSON object, as columns. */
export const figuresIn = (json: string): SQL => listed((figure) => `${json} ->> '${figure}' AS ${figure}`);

/** Columns of figures as a JSON object. */
export const figuresAsJson = sql`json_object(${listed((figure) => `'${figure}', ${figure}`)})`;
