/**
 * In place of `react-style-singleton`, by which GraphiQL's menus would write a style sheet into the page to keep it from
 * scrolling: its policy lets no such sheet in, and the page does not scroll.
 */
export const styleSingleton = () => () => null;
