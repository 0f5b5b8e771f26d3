/** The headers by which an answer says where its caller stands with their limits (docs/api.md#rate-limits). */
export const rateLimitHeaders = {
  "Retry-After": { description: "Seconds until there is room again", example: 42, type: "integer" },
  "X-RateLimit-Limit": {
    description: "Calls that the limit allows which is reached first",
    example: 60,
    type: "integer",
  },
  "X-RateLimit-Remaining": { description: "How many of them are left", example: 0, type: "integer" },
  "X-RateLimit-Reset": {
    description: "When all of them are left again, in Unix seconds",
    example: 1_798_761_600,
    type: "integer",
  },
  RateLimit: {
    description: "The same by the IETF's draft: the limit, what remains, seconds until it is reset",
    example: '"minute";r=0;t=42',
    type: "string",
  },
  "RateLimit-Policy": {
    description: "Every limit of the caller by the IETF's draft: its calls and seconds",
    example: '"minute";q=60;w=60, "hour";q=1000;w=3600, "day";q=10000;w=86400',
    type: "string",
  },
} as const;

/** They, as a response of the document refers to them. */
export const rateLimitHeaderRefs = Object.fromEntries(
  Object.keys(rateLimitHeaders).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);
