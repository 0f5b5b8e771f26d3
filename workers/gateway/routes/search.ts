import { search as searchOwn } from "#src/search/index.ts";
import { get, restRouter } from "../rest/table.ts";

export const search = restRouter("User", [get("/", searchOwn, "What was found")]);
