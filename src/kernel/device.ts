/** The device a call comes from, as far as it tells. */
export interface Device {
  ip: string;
  userAgent: string;
}
