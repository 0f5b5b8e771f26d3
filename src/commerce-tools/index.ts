/** The door of `commerce-tools`: what other rooms may import of it. */
export { useShopTool } from "./use-shop-tool.ts";
