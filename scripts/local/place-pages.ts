import { placeConsole } from "./console-build.ts";
import { placeGraphiql } from "./graphiql-build.ts";
import { placeWidget } from "./widget-build.ts";

/** Puts all that browsers load among the gateway's assets. @param source where the gateway's sources are */
export async function placePages(source?: string): Promise<void> {
  await Promise.all([placeConsole(source), placeGraphiql(source), placeWidget(source)]);
}
