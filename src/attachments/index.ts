/** The door of `attachments`: what other rooms may import of it. */
export { cleanName, contentDisposition } from "./attachment-name.ts";
export {
  findAttachment,
  removeAllAttachments,
  removeAttachments,
  storeAttachment,
} from "./attachment-store.ts";
export { maxAttachmentBytes, type Sniffed, sniffAttachment } from "./sniff-attachment.ts";
export { sniffImage } from "./sniff-image.ts";
