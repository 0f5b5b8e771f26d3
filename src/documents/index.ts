/** The door of `documents`: what other rooms may import of it. The library is large: the documents Worker alone has it. */
export { consumeDocuments } from "./consume-documents.ts";
