/** The door of `widgets`: what other rooms may import of it. */
export { createWidget } from "./create-widget.ts";
export { deleteWidget } from "./delete-widget.ts";
export { getWidget } from "./get-widget.ts";
export { listWidgets } from "./list-widgets.ts";
export { type Opening, openingAt } from "./opening-hours.ts";
export { rotateWidgetSecret } from "./rotate-widget-secret.ts";
export { textsSchema, themeSchema } from "./schemas.ts";
export { updateWidget } from "./update-widget.ts";
export { widgetKeyFor } from "./widget-key-for.ts";
export { findWidgetByKey } from "./widget-repository.ts";
