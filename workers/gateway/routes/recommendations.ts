import {
  deleteItem,
  findSimilarItems,
  getItem,
  listItems,
  putItems,
  recommendItems,
  recordInteractions,
} from "#src/discovery/index.ts";
import { eachOfOneself, ofOneself } from "../rest/of-oneself.ts";
import { del, get, post, put, restRouter } from "../rest/table.ts";

export const recommendations = restRouter("Recommendations", [
  put("/items", putItems, "What was taken in"),
  get("/items", listItems, "Items"),
  get("/items/{item_id}", getItem, "The item"),
  del("/items/{item_id}", deleteItem, "Taken out", { status: 204 }),
  post("/interactions", recordInteractions, "What was taken in", {
    status: 202,
    ...eachOfOneself("interactions"),
  }),
  post("/recommendations", recommendItems, "Recommendations", ofOneself),
  get("/similar/{item_id}", findSimilarItems, "Items like it"),
]);
