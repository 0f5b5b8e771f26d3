import {
  createMemory,
  deleteMemory,
  getMemory,
  listMemories,
  searchMemories,
  updateMemory,
} from "#src/personas/index.ts";
import { del, get, patch, post, put, restRouter } from "../../rest/table.ts";

/** What a persona instance remembers, for its owner. */
export const memories = restRouter("Personas: memory", [
  get("/{instance_id}/memories", listMemories, "Memories"),
  get("/{instance_id}/memories/search", searchMemories, "Memories with their scores"),
  post("/{instance_id}/memories", createMemory, "The memory", {
    status: 201,
    location: ({ id }, { instance_id }) => `/api/v1/personas/instances/${instance_id}/memories/${id}`,
  }),
  get("/{instance_id}/memories/{memory_id}", getMemory, "The memory"),
  put("/{instance_id}/memories/{memory_id}", updateMemory, "The memory"),
  patch("/{instance_id}/memories/{memory_id}", updateMemory, "The memory", { operationId: "patchMemory" }),
  del("/{instance_id}/memories/{memory_id}", deleteMemory, "Forgotten", { status: 204 }),
]);
