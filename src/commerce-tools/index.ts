/** The door of `commerce-tools`: what other rooms may import of it. */
export { getToolsWithoutApproval } from "./get-tools-without-approval.ts";
export { setToolsWithoutApproval } from "./set-tools-without-approval.ts";
export { useShopTool } from "./use-shop-tool.ts";
export { forgetUnasked } from "./without-approval-repository.ts";
