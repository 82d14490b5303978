/**
 * Shapes: what an answer looks like, once, as types and as defaults.
 *
 * ProtoJSON may leave out fields that hold their default value. A shape puts
 * them back, so that screens never ask whether a list or a number is there.
 */
export type Shape<T> = (json: unknown) => T;
export type Of<S> = S extends Shape<infer T> ? T : never;

export const text: Shape<string> = (json) => (typeof json === 'string' ? json : '');
export const count: Shape<number> = (json) => (typeof json === 'number' ? json : Number(json ?? 0) || 0);
export const flag: Shape<boolean> = (json) => json === true;
/** int64 travels as a decimal string and stays one: it is only compared and sent back. */
export const int64: Shape<string> = (json) =>
  typeof json === 'string' && json !== '' ? json : typeof json === 'number' ? String(json) : '0';

export function oneOf<E extends string>(zero: E): Shape<E> {
  return (json) => (typeof json === 'string' && json !== '' ? (json as E) : zero);
}

export function list<T>(item: Shape<T>): Shape<T[]> {
  return (json) => (Array.isArray(json) ? json.map(item) : []);
}

export function maybe<T>(shape: Shape<T>): Shape<T | undefined> {
  return (json) => (json === undefined || json === null ? undefined : shape(json));
}

export function record<F extends object>(fields: { [K in keyof F]: Shape<F[K]> }): Shape<F> {
  const keys = Object.keys(fields) as (keyof F & string)[];
  return (json) => {
    const from = (json ?? {}) as Record<string, unknown>;
    const to = {} as F;
    for (const key of keys) to[key] = fields[key](from[key]);
    return to;
  };
}

export const nothing: Shape<void> = () => undefined;
