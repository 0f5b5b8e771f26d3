// Three durable steps with LangGraph, whose checkpoints are in PostgreSQL: each is written before the next step begins.
import { randomUUID } from "node:crypto";
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { serve } from "./peer.mjs";

const checkpointer = PostgresSaver.fromConnString(process.env.DATABASE_URL ?? "");
await checkpointer.setup();

const step = async () => ({ text: "done" });
const graph = new StateGraph(Annotation.Root({ text: Annotation() }))
  .addNode("one", step)
  .addNode("two", step)
  .addNode("three", step)
  .addEdge(START, "one")
  .addEdge("one", "two")
  .addEdge("two", "three")
  .addEdge("three", END)
  .compile({ checkpointer });

serve(() => graph.invoke({ text: "" }, { configurable: { thread_id: randomUUID() }, durability: "sync" }));
