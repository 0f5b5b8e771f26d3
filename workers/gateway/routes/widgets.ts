import { openWidgetSession } from "#src/visitors/index.ts";
import {
  createWidget,
  deleteWidget,
  getWidget,
  listWidgets,
  rotateWidgetSecret,
  updateWidget,
} from "#src/widgets/index.ts";
import { del, get, patch, post, restRouter } from "../rest/table.ts";

export const widgets = restRouter("Widgets", [
  get("/", listWidgets, "Widgets"),
  post("/", createWidget, "Made", { status: 201, location: ({ id }) => `/api/v1/widgets/${id}` }),
  post("/sessions", openWidgetSession, "Let in"),
  get("/{widget_id}", getWidget, "The widget"),
  patch("/{widget_id}", updateWidget, "Changed"),
  del("/{widget_id}", deleteWidget, "Deleted", { status: 204 }),
  post("/{widget_id}/secret", rotateWidgetSecret, "Its new secret"),
]);
