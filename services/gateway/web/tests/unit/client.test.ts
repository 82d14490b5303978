import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { get, getTagged, newKey, post, url, whenSessionEnds, withQuery } from '../../src/api/client';
import { forgetTokens } from '../../src/api/freshness';
import { Problem } from '../../src/api/problem';
import { count, flag, int64, list, maybe, oneOf, record, text } from '../../src/api/shape';
import { journalPage } from '../../src/api/types/journal';
import { cell } from '../../src/api/types/marks';
import { serverNow } from '../../src/app/clock';
import { prove } from '../../src/safety/prove';

vi.mock('../../src/safety/prove', () => ({ prove: vi.fn() }));

type Answer = () => Response | Promise<Response>;
let answers: Answer[];
let calls: { url: string; init: RequestInit }[];

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return () => new Response(status === 304 ? null : JSON.stringify(body), { status, headers });
}

beforeEach(() => {
  answers = [];
  calls = [];
  forgetTokens();
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    calls.push({ url: address, init });
    const answer = answers.shift();
    if (!answer) throw new TypeError('no network');
    return answer();
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  whenSessionEnds(() => {});
});

const shape = record({ name: text, size: count });

describe('requests', () => {
  it('encode what goes into a path and leave empty parameters out', () => {
    expect(url`/v1/schools/${'sch/1'}/x`).toBe('/v1/schools/sch%2F1/x');
    expect(withQuery('/a', { from: '', to: 'б', all: false, n: 0 })).toBe('/a?to=%D0%B1&n=0');
  });

  it('carry the sign against forgery, a JSON type and a key when they change something', async () => {
    answers = [json({ name: 'x' })];
    await post(shape, '/v1/x', { a: 1 });
    const headers = calls[0]!.init.headers as Record<string, string>;
    expect(headers).toMatchObject({ 'x-zhurnal-csrf': '1', 'content-type': 'application/json' });
    expect(headers['idempotency-key']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(calls[0]!.init.body).toBe('{"a":1}');
  });

  it('only read without them', async () => {
    answers = [json({ name: 'x' })];
    await get(shape, '/v1/x');
    expect(calls[0]!.init.headers).toEqual({ accept: 'application/json', 'zhurnal-min-versions': '' });
    expect(calls[0]!.init.body).toBeNull();
  });

  it('say what they have written, so that no answer comes from before it', async () => {
    const token = (cursors: Record<string, string>) => json({ name: 'x', causalToken: { cursors } });
    answers = [token({ schedule: 'e1.9' }), token({ schedule: 'e1.10', grading: 'e2.3' }), token({ schedule: 'e1.8' }), json({ name: 'x' })];
    for (let n = 0; n < 3; n += 1) await post(shape, '/v1/x', {});
    await get(shape, '/v1/x');
    expect((calls[3]!.init.headers as Record<string, string>)['zhurnal-min-versions']).toBe('schedule=e1.10,grading=e2.3');
  });

  it('show a copy that stays behind rather than nothing', async () => {
    const behind = json({ code: 'COPY_BEHIND', retryAfterMs: 1 }, 503);
    answers = [json({ name: 'x', causalToken: { cursors: { schedule: 'e1.9' } } }), behind, behind, json({ name: 'old' })];
    await post(shape, '/v1/x', {});
    expect(await get(shape, '/v1/x')).toMatchObject({ name: 'old' });
    const last = calls.at(-1)!.init.headers as Record<string, string>;
    expect(last['zhurnal-min-versions']).toBe('');
  });

  it('repeat with the same key after a lost answer', async () => {
    answers = [
      () => {
        throw new TypeError('cut');
      },
      json({}, 503, { 'retry-after': '0' }),
      json({ name: 'x', size: 3 }),
    ];
    expect(await post(shape, '/v1/x', {})).toEqual({ name: 'x', size: 3 });
    const keys = calls.map((call) => (call.init.headers as Record<string, string>)['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    expect(calls.length).toBe(3);
  });

  it('do not repeat a refusal', async () => {
    answers = [json({ code: 'LOGIN_TAKEN', title: 'Отказ', detail: 'Занят', errors: [{ field: '/login', message: 'занят' }], traceId: 't1' }, 409)];
    const problem = await post(shape, '/session/register', {}).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ status: 409, code: 'LOGIN_TAKEN', detail: 'Занят', traceId: 't1' });
    expect((problem as Problem).of('login')).toBe('занят');
    expect(calls.length).toBe(1);
  });

  it('say so in one place when the session ended, but not at a wrong password', async () => {
    const ended = vi.fn();
    whenSessionEnds(ended);
    answers = [json({ code: 'CREDENTIALS_WRONG' }, 401)];
    await expect(post(shape, '/session/logIn', {})).rejects.toMatchObject({ code: 'CREDENTIALS_WRONG' });
    expect(ended).not.toHaveBeenCalled();
    answers = [json({ code: 'SESSION_ENDED' }, 401)];
    await expect(get(shape, '/v1/x')).rejects.toMatchObject({ status: 401 });
    expect(ended).toHaveBeenCalledOnce();
  });

  it('use entity tags', async () => {
    answers = [json({ name: 'x' }, 200, { etag: 'W/"7"' }), json(null, 304)];
    expect(await getTagged(shape, '/v1/x', {}, undefined)).toEqual({ value: { name: 'x', size: 0 }, etag: 'W/"7"' });
    expect(await getTagged(shape, '/v1/x', {}, 'W/"7"')).toBeNull();
    expect(calls[1]!.init.headers).toMatchObject({ 'if-none-match': 'W/"7"' });
  });

  it('learn the server’s clock', async () => {
    const date = new Date(Date.now() + 3_600_000);
    answers = [json({}, 200, { date: date.toUTCString() })];
    await get(shape, '/v1/x');
    expect(Math.abs(serverNow() - date.getTime())).toBeLessThan(3_000);
    answers = [json({}, 200, { date: new Date().toUTCString() })];
    await get(shape, '/v1/x');
    expect(Math.abs(serverNow() - Date.now())).toBeLessThan(10);
  });

  it('make keys that are UUIDs without a secure context too', () => {
    vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes.fill(255) });
    expect(newKey()).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
  });
});

describe('shapes', () => {
  it('put default values back that ProtoJSON leaves out', () => {
    expect(cell({ lessonId: 'les_1' })).toEqual({
      lessonId: 'les_1', pupilId: '', marks: [], attendance: 'ATTENDANCE_UNSPECIFIED', lateMinutes: 0, attendanceComment: '',
      attendanceRevision: '0', correctionPending: false,
    });
    expect(journalPage({}).rows).toEqual([]);
  });

  it('keep 64 bit numbers exact', () => {
    expect(int64('9007199254740993')).toBe('9007199254740993');
    expect(int64(undefined)).toBe('0');
  });

  it('know absent from empty where it matters', () => {
    const inner = record({ a: text });
    expect(maybe(inner)(undefined)).toBeUndefined();
    expect(maybe(inner)({})).toEqual({ a: '' });
    expect(list(flag)([true, undefined])).toEqual([true, false]);
    expect(oneOf<'A' | 'B'>('A')(undefined)).toBe('A');
  });
});

describe('a proof of who is here', () => {
  const demanded = json({ code: 'STEP_UP_REQUIRED', metadata: { method: 'PASSWORD' } }, 403);
  const keyOf = (n: number) => (calls[n]!.init.headers as Record<string, string>)['idempotency-key'];

  it('is asked for once and the same request is repeated with the same key', async () => {
    vi.mocked(prove).mockReset().mockResolvedValue(true);
    answers = [demanded, json({ name: 'x' })];
    expect(await post(shape, '/v1/x', { a: 1 })).toEqual({ name: 'x', size: 0 });
    expect(prove).toHaveBeenCalledTimes(1);
    expect(calls).toHaveLength(2);
    expect(keyOf(0)).toBe(keyOf(1));
    expect(calls[0]!.init.body).toBe(calls[1]!.init.body);
  });

  it('that is not given leaves the refusal', async () => {
    vi.mocked(prove).mockReset().mockResolvedValue(false);
    answers = [demanded];
    await expect(post(shape, '/v1/x', {})).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' });
    expect(calls).toHaveLength(1);
  });

  it('gives the session another secret: what left with the old one is sent again and ends nothing', async () => {
    let ended = 0;
    whenSessionEnds(() => (ended += 1));
    let given = (_: boolean): void => {};
    vi.mocked(prove).mockReset().mockImplementation(() => new Promise((resolve) => (given = resolve)));
    let late = (_: Response): void => {};
    answers = [() => new Promise((resolve) => (late = resolve)), demanded, json({ name: 'proved' }), json({ name: 'again' })];
    const reading = get(shape, '/v1/slow');
    const changing = post(shape, '/v1/x', {});
    await vi.waitFor(() => expect(prove).toHaveBeenCalled());
    late(new Response('{"code":"SESSION_ENDED"}', { status: 401 }));
    given(true);
    const names = (await Promise.all([reading, changing])).map((one) => one.name).sort();
    expect(names).toEqual(['again', 'proved']);
    expect(ended).toBe(0);
  });
});
