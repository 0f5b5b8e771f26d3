type Library = Pick<
  typeof import("#src/graphql/index.ts"),
  "answerGraphql" | "beginGraphql" | "followGraphql" | "tellGraphql"
>;

let loaded: Library | undefined;

/** GraphQL, which is loaded when it is first asked for, so that other requests pay nothing; after that nobody waits. */
export async function graphqlLibrary(): Promise<Library> {
  if (loaded) return loaded;
  const { answerGraphql, beginGraphql, followGraphql, tellGraphql } = await import("#src/graphql/index.ts");
  loaded = { answerGraphql, beginGraphql, followGraphql, tellGraphql };
  return loaded;
}
