/** The server's clock decides about deadlines; the device's may be wrong. */

let offsetMs = 0;

/** Learns the difference from a `Date` header; differences under 5 s are the header's own coarseness. */
export function noteServerDate(header: string | null): void {
  if (!header) return;
  const server = Date.parse(header);
  if (!Number.isFinite(server)) return;
  const difference = server - Date.now();
  offsetMs = Math.abs(difference) < 5_000 ? 0 : difference;
}

/** Milliseconds since the epoch by the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
