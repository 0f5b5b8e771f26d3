/** The door of `attachments`: what other rooms may import of it. */
export { cleanName, contentDisposition } from "./attachment-name.ts";
export {
  type AttachmentPlace,
  findAttachment,
  findText,
  removeAllAttachments,
  removeAttachments,
  storeAttachment,
  storeText,
} from "./attachment-store.ts";
export { maxAttachmentBytes, type Sniffed, sniffAttachment } from "./sniff-attachment.ts";
export { sniffImage } from "./sniff-image.ts";
