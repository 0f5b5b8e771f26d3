/** The door of `visitors`: what other rooms may import of it. */
export { admitVisit } from "./admit-visit.ts";
export { assertVisit, assertVisitGoesOn } from "./assert-visit.ts";
export { forgetVisitors } from "./forget-visitors.ts";
export { mayBePublic, publicTier } from "./may-be-public.ts";
export { openWidgetSession } from "./open-widget-session.ts";
export { openingFor } from "./opening-for.ts";
export { isVisitorToken } from "./visitor-token.ts";
