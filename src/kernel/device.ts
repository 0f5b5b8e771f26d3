/** The device a call comes from, as far as it tells. */
export interface Device {
  ip: string;
  userAgent: string;
  /** Where the network has seen it: two letters of ISO 3166. */
  country?: string | undefined;
  /** What it would rather read: as in `en`. */
  language?: string | undefined;
  /** It asks that whoever uses it is not followed. */
  optsOut?: true;
}
