/** One refused field of a request. */
export interface FieldProblem {
  /** JSON Pointer or proto path of the field. */
  field: string;
  /** Stable name of the rule, UPPER_SNAKE. */
  rule?: string;
  message: string;
}

/** RFC 9457 problem of the gateway, or a failure of the network (`status` 0). */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    /** Stable reason, UPPER_SNAKE. */
    readonly code: string,
    readonly title: string,
    readonly detail: string = '',
    readonly fields: FieldProblem[] = [],
    readonly traceId: string = '',
    readonly retryAfterMs: number = 0,
  ) {
    super(detail || title || code);
  }

  /** Nobody answered: repeat later, nothing is known to be wrong with the request. */
  get offline(): boolean {
    return this.status === 0;
  }

  /** The request itself is fine; the server could not take it now. */
  get temporary(): boolean {
    return this.offline || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** Message for one field of a form, by the end of its path. */
  of(field: string): string | undefined {
    return this.fields.find((item) => item.field.replace(/^[/.]/, '').split(/[/.]/).pop() === field)?.message;
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, 'NETWORK', error instanceof Error ? error.message : String(error));
}

export async function problemOf(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    body = (await response.json()) as Record<string, unknown>;
  } catch {
    // A proxy's own page: the status says enough.
  }
  const seconds = Number(response.headers.get('retry-after'));
  const retry = Number(body['retryAfterMs']) || (Number.isFinite(seconds) ? seconds * 1000 : 0);
  return new Problem(
    response.status,
    String(body['code'] ?? `HTTP_${response.status}`),
    String(body['title'] ?? ''),
    String(body['detail'] ?? ''),
    Array.isArray(body['errors']) ? (body['errors'] as FieldProblem[]) : [],
    String(body['traceId'] ?? ''),
    retry,
  );
}
