import { z } from "zod";
import type { Outcome } from "#src/kernel/outcome.ts";

/** What attachments may be, as their content says. */
export const attachmentTypes = [
  "image/png",
  "image/jpeg",
  "image/webp",
  "image/gif",
  "text/plain",
  "text/markdown",
  "text/csv",
  "application/json",
  "application/pdf",
] as const;
export type AttachmentType = (typeof attachmentTypes)[number];

const mega = 1024 * 1024;

/** Bounds of what comes with messages; sizes in bytes. */
export const attachmentLimits = {
  perMessage: 5,
  messageBytes: 20 * mega,
  conversationBytes: 200 * mega,
  /** Uploads of a person in a conversation. */
  hourly: 100,
  /** Characters of a name. */
  name: 120,
  /** Of a document. */
  pages: 100,
  /** Characters of a document that search knows. */
  found: 20_000,
} as const;

const id = z.string().min(1).max(100);
const size = z.number().int().positive();

/** Something that came with a message, or is to come with one. */
const attachmentViewSchema = z.object({
  id,
  name: z.string().min(1).max(attachmentLimits.name),
  type: z.enum(attachmentTypes),
  bytes: size,
  /** Of its content, in hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** In pixels; null where it is no picture. */
  width: size.nullable(),
  height: size.nullable(),
  /** Of a document, where that is known. */
  pages: size.nullable().default(null),
});
export type AttachmentView = z.infer<typeof attachmentViewSchema>;
export const attachmentViewsSchema = z.array(attachmentViewSchema);

export const newAttachmentSchema = attachmentViewSchema.omit({ id: true }).extend({ uploadedBy: id });
export type NewAttachment = z.infer<typeof newAttachmentSchema>;

/** What has been read in a document. */
export const documentReadingSchema = z.object({
  pages: size,
  /** Of its text, in UTF-8; 0 where there is none to be read. */
  textBytes: z.number().int().min(0),
  /** The beginning of its text, for those who look for it. */
  beginning: z.string().max(attachmentLimits.found),
});
export type DocumentReading = z.infer<typeof documentReadingSchema>;

/** Who asks for an attachment: the staff sees also what is hidden. */
export interface AttachmentReader {
  id: string;
  as: "owner" | "staff";
}

/** What a conversation can be asked about its attachments; their bytes are in R2. */
export interface AttachmentsApi {
  /** Makes a place for it, before its bytes are stored; the same content of the same person has the place it had. */
  addAttachment(
    attachment: NewAttachment,
  ): Promise<Outcome<{ attachment: AttachmentView; isStored: boolean }>>;
  /** Its bytes are stored: messages may name it. */
  attachmentStored(attachmentId: string): Promise<Outcome<AttachmentView>>;
  /** A document has been read; null where it is none that messages may have. Refused where it is there no more. */
  documentRead(attachmentId: string, reading: DocumentReading | null): Promise<Outcome<null>>;
  /** One that came with a message that the reader sees, or that they themselves have uploaded. */
  getAttachment(attachmentId: string, reader: AttachmentReader): Promise<Outcome<AttachmentView>>;
}
