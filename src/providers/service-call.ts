/** What goes with every try of a provider's service. */
export interface ServiceCall {
  signal: AbortSignal;
  /** The trace that it is part of (W3C); whether the server is told of it, its `Upstream` says. */
  traceparent?: string;
}
