import { change, get, newKey, post, url } from './client';
import { list, nothing, record, text } from './shape';
import { arrival, group, order, orderObstacle, type Order, type OrderKind, type OrderState, transferSchool } from './types/orders';
import { pupil } from './types/roster';

const at = (schoolId: string, orderId: string) => url`/v1/schools/${schoolId}/orders/${orderId}`;
const looked = record({ order, obstacles: list(orderObstacle) });

/** Which orders a list shows. */
export interface Wanted {
  kind: OrderKind | '';
  state: OrderState | '';
  pupilId: string;
  search: string;
  academicYear: string;
}

export async function listOrders(schoolId: string, wanted: Wanted, pageToken: string, signal?: AbortSignal) {
  const shape = record({ orders: list(order), nextPageToken: text });
  const answer = await get(shape, url`/v1/schools/${schoolId}/orders`, { ...wanted, pageSize: 100, pageToken }, signal);
  return { items: answer.orders, next: answer.nextPageToken };
}

/** An id for a new order. */
export function newOrderId(): string {
  return `ord_${newKey().replaceAll('-', '')}`;
}

export function getOrder(schoolId: string, orderId: string, signal?: AbortSignal) {
  return get(looked, at(schoolId, orderId), {}, signal);
}

/** Adds the draft when there is no `etag`, replaces that version otherwise. */
export function putOrder(schoolId: string, orderId: string, draft: object, etag: string, key: string) {
  return change('PUT', looked, at(schoolId, orderId), { body: { ...draft, etag }, key });
}

export async function discardOrder(schoolId: string, orderId: string, etag: string, key: string) {
  await change('DELETE', nothing, at(schoolId, orderId), { query: { etag }, key });
}

export async function postOrder(schoolId: string, orderId: string, etag: string, key: string): Promise<Order> {
  return (await post(record({ order }), `${at(schoolId, orderId)}:post`, { etag }, { key })).order;
}

export async function reverseOrder(schoolId: string, orderId: string, words: { number: string; date: string; basis: string }, key: string): Promise<Order> {
  return (await post(record({ order }), `${at(schoolId, orderId)}:reverse`, words, { key })).order;
}

export async function suggestOrderNumber(schoolId: string, kind: OrderKind, signal?: AbortSignal) {
  const path = url`/v1/schools/${schoolId}/orders` + ':suggestNumber';
  return (await get(record({ number: text }), path, { kind }, signal)).number;
}

export async function listArrivals(schoolId: string, pageToken: string, signal?: AbortSignal) {
  const shape = record({ arrivals: list(arrival), nextPageToken: text });
  const answer = await get(shape, url`/v1/schools/${schoolId}/arrivals`, { pageSize: 500, pageToken }, signal);
  return { items: answer.arrivals, next: answer.nextPageToken };
}

export async function listTransferSchools(schoolId: string, pageToken: string, signal?: AbortSignal) {
  const shape = record({ schools: list(transferSchool), nextPageToken: text });
  const answer = await get(shape, url`/v1/schools/${schoolId}/transferSchools`, { pageSize: 500, pageToken }, signal);
  return { items: answer.schools, next: answer.nextPageToken };
}

/** Pupils whose names start with the words; `former`: those who have left. */
export async function findPupils(schoolId: string, search: string, former: boolean, signal?: AbortSignal) {
  const shape = record({ pupils: list(pupil) });
  return (await get(shape, url`/v1/schools/${schoolId}/pupils`, { search, former, pageSize: 20 }, signal)).pupils;
}

export async function listGroups(schoolId: string, classId: string, pageToken: string, signal?: AbortSignal) {
  const shape = record({ groups: list(group), nextPageToken: text });
  const answer = await get(shape, url`/v1/schools/${schoolId}/groups`, { classId, pageSize: 500, pageToken }, signal);
  return { items: answer.groups, next: answer.nextPageToken };
}
