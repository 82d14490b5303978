import { get, post, url } from './client';
import { list, record, text } from './shape';
import { serviceClient, type ServiceClient } from './types/clients';

const all = record({ clients: list(serviceClient), nextPageToken: text, knownScopes: list(text) });
const one = record({ client: serviceClient });
const made = record({ client: serviceClient, clientSecret: text });

export function listServiceClients(pageToken: string, signal?: AbortSignal) {
  return get(all, '/v1/serviceClients', { pageSize: 100, pageToken }, signal);
}

export interface NewClient {
  title: string;
  scopes: string[];
  schoolIds: string[];
  ratePerMinute: number;
  endsOn: string;
}

/** The secret is only in this answer. */
export function registerServiceClient(client: NewClient, key: string) {
  return post(made, '/v1/serviceClients:register', client, { key });
}

/** Makes a second secret; it is only in this answer. */
export function rotateClientSecret(clientId: string, key: string) {
  return post(made, url`/v1/serviceClients/${clientId}` + ':rotateSecret', {}, { key });
}

export async function retireClientSecret(clientId: string, secretId: string, key: string): Promise<ServiceClient> {
  return (await post(one, url`/v1/serviceClients/${clientId}/secrets/${secretId}` + ':retire', {}, { key })).client;
}

export async function revokeServiceClient(clientId: string, key: string): Promise<ServiceClient> {
  return (await post(one, url`/v1/serviceClients/${clientId}` + ':revoke', {}, { key })).client;
}
