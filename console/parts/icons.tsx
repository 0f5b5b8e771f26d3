/** Paths on a grid of 16 px, drawn as lines. */
const paths = {
  home: "M2.5 7.5 8 3l5.5 4.5M4 6.5V13h8V6.5M6.5 13V9.5h3V13",
  runs: "M2.5 4h11M2.5 8h11M2.5 12h7",
  inbox: "M2 9.5 4 3.5h8l2 6V13H2zM2 9.5h4l1 1.7h2l1-1.7h4",
  personas: "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8ZM2.8 13.5a5.2 5.2 0 0 1 10.4 0",
  conversations: "M2.5 3.5h11v7.5H7l-3 2.5V11H2.5z",
  templates: "M3 2.5h6l4 4v7H3zM9 2.5v4h4M5.5 9.5h5M5.5 11.5h3",
  workflows: "M2.5 3h4v3h-4zM9.5 10h4v3h-4zM4.5 6v5.5h5",
  usage: "M3 13V8.5M8 13V3M13 13V6.5",
  account:
    "M8 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm-3.7-1.6a4.2 4.2 0 0 1 7.4 0",
  dashboard: "M2.5 2.5h4.5v6H2.5zM9 2.5h4.5v3H9zM9 7.5h4.5v6H9zM2.5 10.5H7v3H2.5z",
  users:
    "M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13a4.5 4.5 0 0 1 9 0M10.5 3.2a2.5 2.5 0 0 1 0 4.6M12 9.2a4.5 4.5 0 0 1 2.5 3.8",
  tenants: "M2.5 13.5v-8L7 3v10.5M7 6.5h6.5v7M2 13.5h12M9 9h2M9 11.2h2M4.3 7.3h.9M4.3 9.6h.9",
  subscriptions: "M2 4.5h12v8H2zM2 7h12M4.5 10h3",
  agents: "M4 5.5h8v7H4zM8 2.5v3M2 8v2M14 8v2M6.3 8.5v1M9.7 8.5v1",
  topics:
    "M3 4.5c0-1 2.2-2 5-2s5 1 5 2-2.2 2-5 2-5-1-5-2Zm0 0v7c0 1 2.2 2 5 2s5-1 5-2v-7M3 8c0 1 2.2 2 5 2s5-1 5-2",
  logs: "M2.5 3.5h11v9h-11zM4.8 6.2l1.8 1.7-1.8 1.7M8.2 10h3",
  webhooks:
    "M6 6.8 4 10.5M6.2 7a2.5 2.5 0 1 1 3.3-1.3L11.5 9M10.8 9a2.5 2.5 0 1 1-.8 4.2M9.5 11.5H5.8A2.4 2.4 0 1 1 4 9.2",
  audit: "M8 2 3 4v4c0 3 2.2 5 5 6 2.8-1 5-3 5-6V4zM5.8 8l1.6 1.6 3-3.2",
  system:
    "M2.5 4.5h6M11.5 4.5h2M2.5 11.5h2M7.5 11.5h6M10 6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM6 13a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z",
  products: "m8 2.2 5.2 2.6v6.4L8 13.8l-5.2-2.6V4.8zM2.8 4.8 8 7.4l5.2-2.6M8 7.4v6.4",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  close: "m4 4 8 8M12 4l-8 8",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  check: "m3.5 8.5 3 3 6-7",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.2 3.2",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  fit: "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  out: "M6.5 2.5h-4v11h4M6 8h7.5m0 0-3-3m3 3-3 3",
  download: "M8 2.5v7.5m0 0 3-3m-3 3-3-3M3 13h10",
  send: "M2.5 8 13.5 3l-3 10.5-3-4.5zM7.5 9l6-6",
  note: "M3 3h10v7l-3 3H3zM10 13v-3h3M5.5 6h5M5.5 8.5h3",
  docs: "M3 2.5h4a1 1 0 0 1 1 1v10a1 1 0 0 0-1-1H3zM13 2.5H9a1 1 0 0 0-1 1v10a1 1 0 0 1 1-1h4z",
} as const;

export type IconName = keyof typeof paths;

/** A picture beside words; it says nothing by itself. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
