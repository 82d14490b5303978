/** Other ministry systems (`identity.v1`). */
import { count, list, type Of, record, text } from '../shape';

export const clientSecret = record({ secretId: text, issuedAt: text, usedAt: text });

export const serviceClient = record({
  clientId: text,
  title: text,
  scopes: list(text),
  schoolIds: list(text),
  ratePerMinute: count,
  endsOn: text,
  registeredAt: text,
  revokedAt: text,
  secrets: list(clientSecret),
});

export type ServiceClient = Of<typeof serviceClient>;
