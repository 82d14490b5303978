import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeImport } from './imports.mjs';
import { personName } from './names.mjs';
import { calendarRoutes } from './calendars.mjs';
import { consentRoutes, makeConsents, makeOwnConsents } from './consents.mjs';
import { eventRoutes, makeEvents } from './events.mjs';
import { takeSchool } from './exports.mjs';
import { groupRoutes } from './groups.mjs';
import { modeRoutes } from './modes.mjs';
import { supervisionRoutes } from './supervision.mjs';
import { schoolRoutes } from './school.mjs';
import { makeMunicipalities, municipal, municipalityRoutes } from './municipalities.mjs';
import { makeSheets, sheetRoutes } from './sheets.mjs';
import { studyRoutes } from './study.mjs';
import { yearRoutes } from './year.mjs';
import { addDays, id, makeWorld, NOW, SCHOOL, TODAY, weekday } from './world.mjs';

/**
 * The gateway as the page sees it, over an invented school in memory. It keeps
 * the rules that the page must meet: CSRF header, JSON type, idempotency keys,
 * entity tags, verdicts per operation, ProtoJSON without default values.
 */

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json' };
export const CSP = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "font-src 'self'",
  "manifest-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ');

/** Drops default values, as canonical ProtoJSON does. */
function proto(value) {
  if (Array.isArray(value)) return value.map(proto);
  if (value === null || typeof value !== 'object') return value;
  const kept = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined || item === null || item === '' || item === 0 || item === false) continue;
    // int64 zero; a text may well be "0".
    if (item === '0' && /Revision$|^revision$|Count$/.test(key)) continue;
    if (Array.isArray(item) && item.length === 0) continue;
    if (typeof item === 'string' && /^[A-Z_]+_UNSPECIFIED$/.test(item)) continue;
    kept[key] = proto(item);
  }
  return kept;
}

class Refusal extends Error {
  constructor(status, code, detail, extra = {}) {
    super(detail);
    Object.assign(this, { status, code, detail, extra });
  }
}
const notFound = () => new Refusal(404, 'NOT_FOUND', 'Не найдено');

/** Who looked at a child's records. */
function looksOf(world) {
  const [first, second] = world.staff;
  const at = (time) => `2026-11-20T${time}:00Z`;
  return [
    { lookId: 'lok_1', lookedAt: at('09:10'), lastLookedAt: at('09:20'), name: first.name, role: 'ROLE_TEACHER', record: 'LOOK_RECORD_JOURNAL', purpose: 'LOOK_PURPOSE_TEACHING', subject: 'LOOK_SUBJECT_CLASS', classTitle: '5-А' },
    { lookId: 'lok_2', lookedAt: at('08:00'), lastLookedAt: at('08:00'), name: second.name, role: 'ROLE_DEPUTY', record: 'LOOK_RECORD_DIARY', purpose: 'LOOK_PURPOSE_CONTROL', subject: 'LOOK_SUBJECT_PUPIL', pupilName: world.pupils[0].name },
    { lookId: 'lok_3', lookedAt: at('07:30'), lastLookedAt: at('07:30'), record: 'LOOK_RECORD_PUPIL_LIST', purpose: 'LOOK_PURPOSE_OFFICE', subject: 'LOOK_SUBJECT_SCHOOL' },
  ];
}

export function startMock({ port = 0, pupils = 30, since = '2026-11-09', world = makeWorld({ pupils, since }) } = {}) {
  world.control ??= makeSheets(world.rollouts);
  world.municipalities ??= makeMunicipalities();
  world.ownConsents ??= makeOwnConsents(world.children, id);
  world.events ??= makeEvents(world.own, id);
  world.consents ??= makeConsents(world.pupils, world.guardians, id);
  const sessions = new Map();
  const challenges = new Map();
  const replies = new Map();
  const streams = new Set();
  const told = [];
  const mock = {
    world,
    requests: [],
    /** Set by tests: what goes wrong next. */
    weather: { dropAnswers: 0, unavailable: 0, delayMs: 0 },
    /** Batches that reached the journal, as bytes. */
    batches: [],
    now: NOW,
    /** Second factors by login; `log`: their owners' security logs. */
    factors: new Map([['guarded', { on: true, left: 2, since: '2026-09-01T07:00:00Z' }]]),
    devices: [
      { sessionId: id('ses'), device: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36', firstSeenAt: '2026-11-18T05:40:00Z', lastSeenAt: '2026-11-18T08:20:00Z', current: true },
      { sessionId: id('ses'), device: 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36', firstSeenAt: '2026-10-01T06:00:00Z', lastSeenAt: '2026-11-17T17:00:00Z' },
      { sessionId: id('ses'), device: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', firstSeenAt: '2026-09-14T11:00:00Z', lastSeenAt: '2026-11-02T09:00:00Z' },
    ],
    log: [
      { happenedAt: '2026-11-12T06:20:00Z', kind: 'SECURITY_KIND_PASSWORD_CHANGED', device: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 YaBrowser/25.8 Safari/537.36' },
      { happenedAt: '2026-10-02T11:05:00Z', kind: 'SECURITY_KIND_SECOND_FACTOR_RESET', by: 'Журавлёва Ирина' },
    ],
  };

  const roles = {
    teacher: { role: 'ROLE_TEACHER', person: world.teacher, others: [] },
    guarded: { role: 'ROLE_TEACHER', person: world.teacher, others: [] },
    deputy: { role: 'ROLE_DEPUTY', person: world.deputy, others: ['ROLE_TEACHER'] },
    director: { role: 'ROLE_DIRECTOR', person: world.deputy, others: [] },
    admin: { role: 'ROLE_ADMINISTRATOR', person: world.admin, others: ['ROLE_TEACHER'] },
    unfinished: { role: 'ROLE_ADMINISTRATOR', person: world.admin, others: [], demands: true },
    secretary: { role: 'ROLE_SECRETARY', person: world.admin, others: [] },
    region: { role: 'ROLE_ADMINISTRATOR', person: world.admin, others: [], region: true },
    ministry: { role: 'ROLE_MINISTRY_OFFICER', person: world.admin, others: [], region: true },
    municipal: { role: 'ROLE_MUNICIPAL_OFFICER', person: null, others: [], region: true, place: municipal },
    operator: { role: 'ROLE_OPERATOR', person: null, others: [], region: true },
    parent: { role: 'ROLE_GUARDIAN', person: world.parent, others: [], children: world.children },
    pupil: { role: 'ROLE_PUPIL', person: { personId: world.first.pupilId, name: world.first.name }, others: [], children: world.children.slice(0, 1) },
  };

  function meOf(session) {
    const { role, person, others, children = [], region, demands, place } = roles[session.login];
    const acting = session.role ?? role;
    const inSchool = !region && !children.length;
    const school = inSchool ? { schoolId: SCHOOL.schoolId, schoolTitle: SCHOOL.title } : (place ?? {});
    return proto({
      accountId: `acc_${session.login.padStart(32, '0')}`, login: session.login, name: person?.name, role: acting, ...school,
      personId: person?.personId, roles: inSchool ? [role, ...others] : [], available: [role, ...others].map((item) => ({ role: item, ...school })), children,
      secondFactorMissing: !!demands && !mock.factors.get(session.login)?.on,
    });
  }

  function pass(stream, { id, topic, type, resource }) {
    if (stream.topics.includes(topic)) stream.response.write(`id: e1.${id}\ndata: ${JSON.stringify({ topic, type, resource, revision: String(id) })}\n\n`);
  }

  function tell(topic, type, resource) {
    const event = { id: told.length + 1, topic, type, resource };
    told.push(event);
    for (const stream of streams) pass(stream, event);
  }
  mock.tell = tell;
  mock.reset = () => {
    for (const stream of streams) stream.response.write('event: reset\ndata: {}\n\n');
  };

  // Journal

  /** What the ledger seals of a request. */
  const sealed = (request) => `PENDING: часть 1, «${request.oldValue}» → «${request.newValue}», вид работы 0, ревизия 1`;

  function requestEntry(request, oldValue, newValue) {
    return {
      ledgerEntryId: randomUUID(), subject: 'LEDGER_SUBJECT_CORRECTION', lessonId: request.lessonId, pupilId: request.pupilId, slot: 1, oldValue, newValue,
      personalText: oldValue ? request.note : request.reason, authorName: oldValue ? world.deputy.name : request.authorName,
      recordedAt: new Date(mock.now).toISOString(), correctionRequestId: request.correctionRequestId,
    };
  }

  function pageOf(journal, from, to) {
    if (journal.journalId !== world.maths.journalId) return { journal, from: from || '2026-11-09', to: to || '2026-12-27', revision: '1', asOf: new Date(mock.now).toISOString() };
    const columns = world.columns.filter((item) => (!from || item.date >= from) && (!to || item.date <= to));
    return {
      journal, from: from || '2026-11-09', to: to || '2026-12-27', columns: columns.map(({ journalId: _, ...item }) => item),
      rows: world.pupils.map((pupil, index) => ({
        pupilId: pupil.pupilId, name: pupil.name, memberFrom: index === world.pupils.length - 3 ? '2026-11-16' : '', memberTo: '',
        paperPeriods: world.modes.paperDays(pupil.pupilId),
        cells: columns.map((item) => world.cells.get(world.cellKey(item.lessonId, pupil.pupilId))).filter(Boolean),
      })),
      revision: String(world.pageRevision), asOf: new Date(mock.now).toISOString(),
    };
  }

  function cellOf(lessonId, pupilId) {
    const key = world.cellKey(lessonId, pupilId);
    if (!world.cells.has(key)) world.cells.set(key, { lessonId, pupilId, marks: [], attendance: 'ATTENDANCE_UNSPECIFIED', lateMinutes: 0, attendanceComment: '', attendanceRevision: '0', correctionPending: false });
    return world.cells.get(key);
  }

  const text = (cell, operation) => {
    if (operation.setAttendance || operation.clearAttendance) return { ATTENDANCE_ABSENT: 'н', ATTENDANCE_ILL: 'б', ATTENDANCE_EXCUSED: 'у', ATTENDANCE_LATE: 'оп' }[cell.attendance] ?? '';
    return cell.marks.find((mark) => mark.slot === (operation.slot ?? 1))?.value ?? '';
  };

  function put(operation, author = world.teacher, extra = {}) {
    const cell = cellOf(operation.lessonId, operation.pupilId);
    const before = text(cell, operation);
    const slot = operation.slot ?? 1;
    if (operation.setMark) {
      cell.marks = [...cell.marks.filter((mark) => mark.slot !== slot), { slot, value: operation.setMark.value, kind: operation.setMark.kind ?? 'CONTROL_KIND_UNSPECIFIED', comment: operation.setMark.comment ?? '', revision: world.revision(), setAt: new Date(mock.now).toISOString() }].sort((a, b) => a.slot - b.slot);
    } else if (operation.clearMark) {
      cell.marks = cell.marks.filter((mark) => mark.slot !== slot);
    } else if (operation.setAttendance) {
      Object.assign(cell, { attendance: operation.setAttendance.attendance, lateMinutes: operation.setAttendance.lateMinutes ?? 0, attendanceComment: operation.setAttendance.comment ?? '', attendanceRevision: world.revision() });
    } else {
      Object.assign(cell, { attendance: 'ATTENDANCE_UNSPECIFIED', lateMinutes: 0, attendanceComment: '', attendanceRevision: world.revision() });
    }
    world.ledger.push({
      ledgerEntryId: randomUUID(), subject: operation.setAttendance || operation.clearAttendance ? 'LEDGER_SUBJECT_ATTENDANCE' : 'LEDGER_SUBJECT_MARK',
      lessonId: operation.lessonId, pupilId: operation.pupilId, oldValue: before, newValue: text(cell, operation),
      personalText: operation.setMark?.comment ?? operation.setAttendance?.comment ?? '', authorName: author.name, recordedAt: new Date(mock.now).toISOString(), ...extra,
    });
    world.pageRevision += 1;
    return cell;
  }

  /** A colleague's change, behind the back of the open page. */
  mock.colleague = (operation) => {
    put(operation, world.deputy);
    tell(`journal:${world.maths.journalId}`, 'CELLS_CHANGED', operation.lessonId);
    tell(`pupil:${operation.pupilId}`, 'CELLS_CHANGED', operation.pupilId);
  };

  function judge(operation) {
    const lesson = world.lessons.get(operation.lessonId);
    const pupil = world.pupils.find((item) => item.pupilId === operation.pupilId);
    const cell = structuredClone(cellOf(operation.lessonId, operation.pupilId));
    const reject = (reason, message) => ({ verdict: 'MARK_VERDICT_REJECTED', reason, message, cell });
    if (!lesson || !pupil) return reject('PUPIL_NOT_IN_GROUP', 'Ученика нет в группе в этот день');
    if (operation.setMark || operation.setAttendance ? world.modes.paperDays(pupil.pupilId).some((one) => one.startsOn <= lesson.date && lesson.date <= one.endsOn) : false) return reject('PAPER_JOURNAL', 'Журнал этого ученика в этот день ведётся на бумаге');
    if (lesson.cancelled) return reject('LESSON_CANCELLED', 'Урок отменён');
    if (lesson.window === 'ENTRY_WINDOW_FUTURE') return reject('LESSON_IN_FUTURE', 'Урок ещё не наступил');
    if (!lesson.own) return reject('LESSON_NOT_OWN', 'Урок ведёт другой учитель');
    const attendance = operation.setAttendance || operation.clearAttendance;
    const mark = cell.marks.find((item) => item.slot === (operation.slot ?? 1));
    const present = attendance ? cell.attendanceRevision : (mark?.revision ?? '0');
    const wanted = operation.setMark?.value ?? operation.setAttendance?.attendance ?? '';
    const held = attendance ? (cell.attendance === 'ATTENDANCE_UNSPECIFIED' ? '' : cell.attendance) : (mark?.value ?? '');
    const same = wanted === held && (operation.setMark?.comment ?? operation.setAttendance?.comment ?? '') === ((attendance ? cell.attendanceComment : mark?.comment) ?? '');
    if (same) return { verdict: 'MARK_VERDICT_DUPLICATE', cell };
    if (present !== (operation.baseRevision ?? '0')) return { verdict: 'MARK_VERDICT_CONFLICT', message: 'Клетку изменил другой учитель', cell };
    const away = (value) => ['ATTENDANCE_ABSENT', 'ATTENDANCE_ILL', 'ATTENDANCE_EXCUSED'].includes(value);
    if (operation.setMark && !/^([1-5](\/[1-5])?|зач|незач)$/.test(operation.setMark.value)) return reject('MARK_VALUE_INVALID', 'Такой оценки нет');
    if (operation.setMark && away(cell.attendance) && !operation.setMark.comment) return reject('ABSENT_MARK_NEEDS_COMMENT', 'Рядом с «н» у оценки нужен комментарий');
    if (operation.setAttendance && away(operation.setAttendance.attendance) && cell.marks.length && !operation.setAttendance.comment) return reject('ABSENT_MARK_NEEDS_COMMENT', 'Рядом с оценкой у «н» нужен комментарий');
    if (lesson.window === 'ENTRY_WINDOW_CORRECTION' && held && !(mark && mock.now - Date.parse(mark.setAt) < 300_000)) return reject('CORRECTION_REQUIRED', 'Время исправлений вышло: нужна заявка завучу');
    const after = put(operation);
    return { verdict: 'MARK_VERDICT_APPLIED', cell: structuredClone(after), late: lesson.window !== 'ENTRY_WINDOW_OPEN' };
  }
  mock.judge = judge;

  function figures(seed, lessons) {
    const unfilled = seed % 4 === 0 ? (seed % 9) + 1 : 0;
    return {
      lessonsDue: lessons, lessonsRecorded: lessons - unfilled, lessonsUnfilled: unfilled, lessonsLate: (seed * 7) % 6, lessonsWithoutHomework: (seed * 5) % 8,
      pupilSubjects: 336, withoutMarks: seed % 3 === 0 ? (seed * 11) % 24 : 0, withOneMark: (seed * 13) % 30, marks: lessons * 9 - seed * 3, absences: 20 + ((seed * 17) % 40),
    };
  }
  const total = (all) => all.reduce((sum, item) => Object.fromEntries(Object.keys(item).map((key) => [key, (sum[key] ?? 0) + item[key]])), {});

  function qr(seed) {
    const hash = createHash('sha512').update(seed).digest();
    const size = 29;
    const finder = (x, y) => [[0, 0], [size - 7, 0], [0, size - 7]].some(([a, b]) => x >= a && x < a + 7 && y >= b && y < b + 7);
    const drawn = (x, y, a, b) => { const [i, j] = [x - a, y - b]; return i === 0 || i === 6 || j === 0 || j === 6 || (i > 1 && i < 5 && j > 1 && j < 5); };
    let path = '';
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const on = finder(x, y) ? drawn(x, y, x >= size - 7 ? size - 7 : 0, y >= size - 7 ? size - 7 : 0) : (hash[(x * 31 + y * 17) % 64] >> ((x + y) % 8)) & 1;
        if (on) path += `M${x + 2} ${y + 2}h1v1h-1z`;
      }
    }
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size + 4} ${size + 4}"><rect width="100%" height="100%" fill="#fff"/><path d="${path}"/></svg>`;
  }
  const letters = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
  const codeOf = (seed) => [...createHash('sha256').update(seed).digest()].slice(0, 20).map((byte) => letters[byte % letters.length]).join('').match(/.{4}/g).join('-');

  const factorOf = ({ me }) => {
    const { on = false, left = 0, since, begun = false } = mock.factors.get(me.login) ?? {};
    return { state: on ? 'SECOND_FACTOR_STATE_ON' : begun ? 'SECOND_FACTOR_STATE_BEGUN' : 'SECOND_FACTOR_STATE_OFF', turnedOnAt: on ? since : '', recoveryCodesLeft: left };
  };
  const proven = (body, withCode = true) => {
    if (body.password === 'wrong') throw new Refusal(400, 'CREDENTIALS_WRONG', 'Неверный пароль');
    if (withCode && body.code === '000000') throw new Refusal(400, 'CODE_WRONG', 'Код неверный или уже использован');
  };
  const recovery = () => Array.from({ length: 10 }, (_, index) => codeOf(`recovery ${index} ${mock.log.length}`).slice(0, 19));
  const happened = (kind) => { mock.log.unshift({ happenedAt: new Date(mock.now).toISOString(), kind, device: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36' }); };

  // Routes: [method, pattern, who may, handler]

  const staffOnly = ({ me }) => { if (!me.schoolId && !['ROLE_ADMINISTRATOR', 'ROLE_MINISTRY_OFFICER', 'ROLE_MUNICIPAL_OFFICER'].includes(me.role)) throw new Refusal(403, 'PERMISSION_DENIED', 'Недостаточно прав'); };
  const ownSchool = (context) => { staffOnly(context); if (context.params.school !== SCHOOL.schoolId) throw notFound(); };
  const orderOf = ({ params }) => {
    const order = world.orders.find((one) => one.orderId === params.order);
    if (!order) throw notFound();
    return order;
  };
  /** A draft with what posting would do, or what stands in the way. */
  const lookedOrder = (order) => {
    if (order.state !== 'ORDER_STATE_DRAFT') return { order };
    const obstacles = order.pupils.flatMap((one, place) => (one.classId && world.pupils.some((item) => item.pupilId === one.pupilId && item.classId === one.classId) ? [{ field: `pupils[${place}].classId`, rule: 'SAME_CLASS', message: 'Ученик уже в этом классе' }] : []));
    if (obstacles.length > 0) return { order, obstacles };
    return { order: { ...order, pupils: order.pupils.map((one) => ({ ...one, effect: world.orderEffect(order, one) })) }, obstacles };
  };
  const scheduledOf = ({ params, body }) => {
    const lesson = world.scheduled.find((item) => item.lessonId === params.lesson);
    if (!lesson) throw notFound();
    if (body.etag && body.etag !== lesson.etag) throw new Refusal(409, 'ETAG_STALE', 'Урок уже изменён');
    if (lesson.state === 'LESSON_STATE_CANCELLED') throw new Refusal(409, 'LESSON_NOT_PLANNED', 'Урок отменён');
    lesson.etag = `v${Number(lesson.etag.slice(1)) + 1}`;
    return lesson;
  };
  const timetableOf = (c) => {
    ownSchool(c);
    const found = world.timetables.of(c.params.timetable);
    if (!found) throw notFound();
    return found;
  };
  const draftOf = (c) => {
    const found = timetableOf(c);
    if (found.timetable.state !== 'TIMETABLE_STATE_DRAFT') throw new Refusal(409, 'TIMETABLE_NOT_DRAFT', 'Это расписание уже утверждено');
    if (c.body.etag !== found.timetable.etag) throw new Refusal(412, 'ETAG_STALE', 'Расписание уже изменено, обновите страницу');
    return found;
  };
  const planOf = (c) => {
    ownSchool(c);
    const plan = world.plans.get(`${c.params.group}|${c.params.subject}`);
    if (!plan || (c.me.role === 'ROLE_TEACHER' && !plan.teacherIds.includes(c.me.personId))) throw notFound();
    return plan;
  };
  const journalOf = ({ params }) => { const journal = world.journals.find((item) => item.journalId === params.journal); if (!journal) throw notFound(); return journal; };
  const childOf = ({ me, params }) => {
    const own = (me.children ?? []).some((item) => item.pupilId === params.pupil);
    const staff = me.schoolId && world.pupils.some((item) => item.pupilId === params.pupil);
    if (!own && !staff) throw notFound();
  };

  const secretOf = (secretId) => ({ secretId, issuedAt: new Date(mock.now).toISOString() });
  mock.clients = [];
  /** Method of the proof that is demanded; empty = none is. */
  mock.stepUp = '';

  const routes = [
    ['GET', '/v1/me', ({ me }) => ({ me })],
    ['GET', '/v1/me/notices', () => ({ notices: world.notices, unreadCount: world.notices.filter((item) => !item.read).length })],
    ['POST', '/v1/me/notices:markRead', () => { for (const item of world.notices) item.read = true; return { unreadCount: 0 }; }],
    ['POST', '/v1/me:changePassword', ({ body }) => { if (body.currentPassword === 'wrong') throw new Refusal(401, 'CREDENTIALS_WRONG', 'Пароль не подходит'); return { endedSessions: 2 }; }],
    ['GET', '/v1/pupils/:pupil/looks', ({ params, me }) => {
      if (!(me.children ?? []).some((child) => child.pupilId === params.pupil)) throw notFound();
      return { looks: looksOf(world) };
    }],
    ['GET', '/v1/schools/:school/looks', (c) => {
      ownSchool(c);
      return { looks: c.query.get('from') > '2026-12-01' ? [] : looksOf(world) };
    }],
    ['GET', '/v1/serviceClients', () => ({ clients: mock.clients, knownScopes: ['roster.read', 'roster.events', 'grading.events'] })],
    ['POST', '/v1/serviceClients:register', ({ body }) => {
      if (body.endsOn < '2026-09-01') throw new Refusal(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/endsOn', rule: 'DATE_PASSED', message: 'последний день уже прошёл' }] });
      const client = { ...body, clientId: `cli_${randomUUID().replaceAll('-', '')}`, registeredAt: new Date(mock.now).toISOString(), secrets: [secretOf('scr_1')] };
      mock.clients = [client, ...mock.clients];
      return { client, clientSecret: 'vydumannyj-sekret-1' };
    }],
    ['POST', '/v1/serviceClients/:client:rotateSecret', ({ params }) => {
      const client = mock.clients.find((item) => item.clientId === params.client);
      if (!client) throw notFound();
      if (client.secrets.length > 1) throw new Refusal(422, 'TWO_SECRETS', 'У системы уже два секрета');
      client.secrets = [secretOf('scr_2'), ...client.secrets];
      return { client, clientSecret: 'vydumannyj-sekret-2' };
    }],
    ['POST', '/v1/serviceClients/:client/secrets/:secret:retire', ({ params }) => {
      const client = mock.clients.find((item) => item.clientId === params.client);
      client.secrets = client.secrets.filter((item) => item.secretId !== params.secret);
      return { client };
    }],
    ['POST', '/v1/serviceClients/:client:revoke', ({ params }) => {
      const client = mock.clients.find((item) => item.clientId === params.client);
      client.revokedAt = new Date(mock.now).toISOString();
      client.secrets = [];
      return { client };
    }],
    ['GET', '/v1/me/secondFactor', (c) => ({ secondFactor: factorOf(c) })],
    ['POST', '/v1/me/secondFactor:begin', ({ me, body }) => {
      proven(body, false);
      mock.factors.set(me.login, { begun: true });
      return { otpauthUri: `otpauth://totp/${encodeURIComponent('Журнал')}:${me.login}?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ`, qrSvg: qr('second factor'), secret: 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ' };
    }],
    ['POST', '/v1/me/secondFactor:confirm', (c) => {
      proven(c.body);
      mock.factors.set(c.me.login, { on: true, left: 10, since: new Date(mock.now).toISOString() });
      happened('SECURITY_KIND_SECOND_FACTOR_ON');
      return { secondFactor: factorOf(c), recoveryCodes: recovery(), endedSessions: 1 };
    }],
    ['POST', '/v1/me/secondFactor:remove', (c) => {
      proven(c.body);
      mock.factors.delete(c.me.login);
      happened('SECURITY_KIND_SECOND_FACTOR_OFF');
      return { secondFactor: factorOf(c) };
    }],
    ['POST', '/v1/me/secondFactor:regenerateRecoveryCodes', ({ me, body }) => {
      proven(body);
      mock.factors.get(me.login).left = 10;
      happened('SECURITY_KIND_RECOVERY_CODES_MADE');
      return { recoveryCodes: recovery() };
    }],
    ['GET', '/v1/me/sessions', (c) => ({ sessions: mock.devices.map((item) => ({ ...item, role: c.me.role, schoolTitle: c.me.schoolTitle })) })],
    ['POST', '/v1/me/sessions:endOthers', () => {
      const endedSessions = mock.devices.length - 1;
      mock.devices = mock.devices.filter((item) => item.current);
      happened('SECURITY_KIND_SESSION_ENDED');
      return { endedSessions };
    }],
    ['POST', '/v1/me/sessions/:session:end', ({ params }) => {
      if (!mock.devices.some((item) => item.sessionId === params.session)) throw notFound();
      mock.devices = mock.devices.filter((item) => item.sessionId !== params.session);
      happened('SECURITY_KIND_SESSION_ENDED');
      return {};
    }],
    ['POST', '/v1/schools/:school/people/:person:issuePasswordReset', (c) => {
      ownSchool(c);
      const everybody = [...world.staff, ...world.guardians, ...world.pupils.map((item) => ({ ...item, personId: item.pupilId }))];
      const whose = everybody.find((item) => item.personId === c.params.person);
      if (!whose) throw notFound();
      if (whose.personId === c.me.personId) throw new Refusal(403, 'OWN_ACCOUNT', 'Со своей учётной записью так поступить нельзя');
      return { passwordReset: { name: whose.name, code: codeOf(`reset ${whose.personId}`).slice(0, 19), qrSvg: qr('reset'), expiresAt: '2026-11-21T08:20:00Z' } };
    }],
    ['GET', '/v1/me/securityEntries', () => ({ securityEntries: mock.log })],
    ['POST', '/v1/schools/:school/people/:person:resetSecondFactor', (c) => {
      ownSchool(c);
      if (c.params.person === world.staff[0].personId) throw new Refusal(422, 'SECOND_FACTOR_OFF', 'Второй фактор не включён');
      return { endedSessions: 2 };
    }],
    ['GET', '/v1/schools', (c) => ({ schools: c.me.municipalityId ? [SCHOOL] : [SCHOOL, { ...SCHOOL, schoolId: id('sch'), title: 'МБОУ «Перовская школа-гимназия»', municipality: 'Симферопольский район', state: 'SCHOOL_STATE_PREPARING' }] })],
    ['GET', '/v1/schools/:school', (c) => { ownSchool(c); return { school: SCHOOL }; }],
    ['GET', '/v1/schools/:school/calendar', (c) => { ownSchool(c); return { calendar: { studyWeekDays: 5, bells: [1, 2, 3, 4, 5, 6].map((lessonNumber) => ({ lessonNumber, startsAt: `0${7 + lessonNumber}:00`.slice(-5), endsAt: `0${7 + lessonNumber}:45`.slice(-5), shift: 1 })), periods: [
      { periodId: id('prd'), title: '1 четверть', startsOn: '2026-09-01', endsOn: '2026-10-30', gradeFrom: 1, gradeTo: 9 },
      { periodId: id('prd'), title: '2 четверть', startsOn: '2026-11-09', endsOn: '2026-12-27', gradeFrom: 1, gradeTo: 9 },
      { periodId: id('prd'), title: '1 полугодие', startsOn: '2026-09-01', endsOn: '2026-12-27', gradeFrom: 10, gradeTo: 11 },
    ] } }; }],
    ['GET', '/v1/schools/:school/classes', (c) => { ownSchool(c); return { classes: world.classes }; }],
    ['GET', '/v1/schools/:school/staff', (c) => { ownSchool(c); return { staff: world.staff }; }],
    ['GET', '/v1/schools/:school/lessons', (c) => {
      ownSchool(c);
      const [from, to] = [c.query.get('from'), c.query.get('to')];
      const changed = (item) => item.substituteId || item.state === 'LESSON_STATE_CANCELLED';
      return { lessons: world.scheduled.filter((item) => item.date >= from && item.date <= to && (c.query.get('onlyChanged') !== 'true' || changed(item))) };
    }],
    ['GET', '/v1/schools/:school/dayChanges', (c) => { ownSchool(c); return { dayChanges: world.dayChanges.filter((one) => one.date >= c.query.get('from') && one.date <= c.query.get('to')) }; }],
    ['POST', '/v1/schools/:school/dayChanges', (c) => {
      ownSchool(c);
      const { date, kind, reason, classIds, lessonNumbers } = c.body;
      const titles = world.classes.filter((one) => classIds.includes(one.classId)).map((one) => one.title);
      const lessons = world.scheduled.filter((one) => one.date === date && one.state !== 'LESSON_STATE_CANCELLED' && (classIds.length === 0 || titles.some((title) => one.groupTitle.startsWith(title))) && (lessonNumbers.length === 0 || lessonNumbers.includes(one.lessonNumber)));
      if (lessons.length === 0) throw new Refusal(409, 'NO_LESSONS', 'На этот день нет уроков, которые можно изменить');
      for (const lesson of lessons) Object.assign(lesson, kind === 'DAY_CHANGE_KIND_REMOTE' ? { remote: true } : { state: 'LESSON_STATE_CANCELLED', stateReason: reason });
      const made = { dayChangeId: `dch_${randomUUID().replaceAll('-', '')}`, date, kind, reason, classIds, lessonNumbers, lessonCount: lessons.length, undoneAt: '', etag: 'v1' };
      world.dayChanges.unshift(made);
      world.dayLessons.set(made.dayChangeId, lessons);
      return { dayChange: made };
    }],
    ['POST', '/v1/schools/:school/dayChanges/:change:undo', (c) => {
      ownSchool(c);
      const change = world.dayChanges.find((one) => one.dayChangeId === c.params.change);
      if (!change) throw notFound();
      if (change.etag !== c.body.etag) throw new Refusal(412, 'ETAG_STALE', 'Этот день уже изменён, обновите страницу');
      for (const lesson of world.dayLessons.get(change.dayChangeId)) Object.assign(lesson, { remote: false, state: 'LESSON_STATE_PLANNED', stateReason: lesson.substituteId ? lesson.stateReason : '' });
      return { dayChange: Object.assign(change, { undoneAt: new Date(mock.now).toISOString(), etag: 'v2' }) };
    }],
    ['GET', '/v1/schools/:school/lessons/:lesson/freeTeachers', (c) => { ownSchool(c); return { freeTeachers: world.staff.slice(10, 16).map((item, index) => ({ teacherId: item.personId, teachesSubject: index === 0, lessonCount: index })) }; }],
    ['POST', '/v1/schools/:school/lessons/:lesson:substitute', (c) => {
      ownSchool(c);
      const lesson = scheduledOf(c);
      const own = c.body.teacherId === lesson.teacherId;
      Object.assign(lesson, { substituteId: own ? '' : c.body.teacherId, stateReason: own ? '' : c.body.reason });
      return { lesson };
    }],
    ['POST', '/v1/schools/:school/lessons/:lesson:cancel', (c) => { ownSchool(c); return { lesson: Object.assign(scheduledOf(c), { state: 'LESSON_STATE_CANCELLED', stateReason: c.body.reason }) }; }],
    ['GET', '/v1/schools/:school/registryRecords', (c) => {
      ownSchool(c);
      const entry = { REGISTRY_MEASURES: 'measure', REGISTRY_RESPONSIBLE_PERSONS: 'responsiblePerson', REGISTRY_LOCAL_ACTS: 'localAct', REGISTRY_TRAININGS: 'training', REGISTRY_EQUIPMENT: 'equipment' }[c.query.get('registry')];
      return { records: world.records.filter((item) => item[entry]) };
    }],
    ['GET', '/v1/pupils/:pupil/localActs', (c) => { childOf(c); return { records: world.records.filter((item) => item.localAct && item.inForce) }; }],
    ['PUT', '/v1/schools/:school/registryRecords/:record', (c) => {
      ownSchool(c);
      const [entry] = Object.keys(c.body.record);
      if (c.body.record.measure?.doneOn && !c.body.record.measure.result) throw new Refusal(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/record/measure/result', rule: 'REQUIRED_WHEN_DONE', message: 'Напишите результат: приказ, протокол, справка' }] });
      if (c.body.record.equipment?.isAccessPoint && !c.body.record.equipment.schedule) throw new Refusal(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/record/equipment/schedule', rule: 'REQUIRED_FOR_ACCESS_POINT', message: 'Напишите график работы учителей' }] });
      let record = world.records.find((item) => item.recordId === c.params.record);
      if ((record?.etag ?? '') !== c.body.etag) throw new Refusal(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
      if (!record) world.records.push((record = { recordId: c.params.record, etag: 'v0' }));
      const value = c.body.record[entry];
      const person = world.staff.find((item) => item.personId === (value.personId ?? value.responsibleId));
      return { record: Object.assign(record, { [entry]: value, personName: person?.name, inForce: true, etag: `v${Number(record.etag.slice(1)) + 1}` }) };
    }],
    ['DELETE', '/v1/schools/:school/registryRecords/:record', (c) => {
      ownSchool(c);
      world.records = world.records.filter((item) => item.recordId !== c.params.record);
      return {};
    }],
    ['POST', '/v1/schools/:school/registryRecords:addModelMeasures', (c) => {
      ownSchool(c);
      world.records.push({ recordId: `reg_${randomUUID().replaceAll('-', '')}`, etag: 'v1', measure: { kind: 'MEASURE_KIND_CONTROL', title: 'Проверить заполнение за I четверть', dueOn: '2026-10-31' }, overdue: true });
      return { addedCount: 1 };
    }],
    ['POST', '/v1/schools/:school/registryRecords/:record:acknowledge', (c) => {
      ownSchool(c);
      const record = world.records.find((item) => item.recordId === c.params.record);
      Object.assign(record.localAct, { acknowledged: true, acknowledgedCount: (record.localAct.acknowledgedCount ?? 0) + 1 });
      return { record };
    }],
    ['GET', '/v1/schools/:school/registryRecords/:record/acknowledgements', (c) => { ownSchool(c); return { acknowledgements: world.staff.slice(0, 12).map((item, index) => ({ personId: item.personId, personName: item.name, post: item.post, acknowledgedOn: index % 3 ? '2026-09-02' : '' })) }; }],
    ['GET', '/v1/schools/:school/orders', (c) => {
      ownSchool(c);
      const [kind, state, pupil, search] = ['kind', 'state', 'pupilId', 'search'].map((name) => c.query.get(name) ?? '');
      const named = (one) => `${one.name?.surname ?? ''} ${one.name?.givenName ?? ''}`.toLowerCase();
      const found = world.orders.filter((one) => (!kind || one.kind === kind) && (!state || one.state === state) && (!pupil || one.pupils.some((item) => item.pupilId === pupil)) && (!search || one.pupils.some((item) => named(item).split(' ').some((word) => word.startsWith(search.toLowerCase())))));
      return { orders: found.toSorted((a, b) => b.date.localeCompare(a.date)).map((one) => ({ ...one, pupilCount: one.pupils.length, pupils: one.pupils.slice(0, 3) })) };
    }],
    ['GET', '/v1/schools/:school/orders:suggestNumber', (c) => { ownSchool(c); return { number: world.nextOrderNumber(c.query.get('kind')) }; }],
    ['GET', '/v1/schools/:school/orders/:order', (c) => { ownSchool(c); return lookedOrder(orderOf(c)); }],
    ['PUT', '/v1/schools/:school/orders/:order', (c) => {
      ownSchool(c);
      let order = world.orders.find((one) => one.orderId === c.params.order);
      if (order && order.state !== 'ORDER_STATE_DRAFT') throw new Refusal(409, 'ORDER_POSTED', 'Приказ уже проведён');
      if ((order?.etag ?? '') !== c.body.etag) throw new Refusal(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
      if (world.orders.some((one) => one !== order && one.number === c.body.number)) throw new Refusal(409, 'ORDER_NUMBER_TAKEN', 'Приказ с таким номером в этом учебном году уже есть');
      if (c.body.date > TODAY) throw new Refusal(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/date', rule: 'DATE_IN_FUTURE', message: 'Дата приказа не может быть позже сегодняшней' }] });
      if (!order) world.orders.push((order = { orderId: c.params.order, state: 'ORDER_STATE_DRAFT', etag: 'v0' }));
      const { kind, number, date, effectiveOn, basis } = c.body;
      Object.assign(order, { kind, number, date, effectiveOn, basis, pupils: c.body.pupils.map((one) => world.orderPupil(one)), etag: `v${Number(order.etag.slice(1)) + 1}` });
      return lookedOrder(order);
    }],
    ['DELETE', '/v1/schools/:school/orders/:order', (c) => { ownSchool(c); const order = orderOf(c); world.orders = world.orders.filter((one) => one !== order); return {}; }],
    ['POST', '/v1/schools/:school/orders/:order:post', (c) => {
      ownSchool(c);
      const order = orderOf(c);
      if (order.state !== 'ORDER_STATE_DRAFT') throw new Refusal(409, 'ORDER_POSTED', 'Приказ уже проведён');
      if (order.etag !== c.body.etag) throw new Refusal(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
      const { order: shown } = lookedOrder(order);
      Object.assign(order, { pupils: shown.pupils, state: 'ORDER_STATE_POSTED', postedAt: new Date(mock.now).toISOString(), etag: 'v9' });
      return { order };
    }],
    ['POST', '/v1/schools/:school/orders/:order:reverse', (c) => {
      ownSchool(c);
      const order = orderOf(c);
      const later = world.orders.filter((one) => one !== order && one.state === 'ORDER_STATE_POSTED' && one.date > order.date && one.pupils.some((item) => order.pupils.some((own) => own.pupilId === item.pupilId)));
      if (later.length > 0) throw new Refusal(409, 'LATER_ORDERS', `Этих учеников касаются более поздние приказы: ${later.map((one) => one.number).join(', ')}. Сначала отмените их`);
      const reversal = { orderId: `ord_${randomUUID().replaceAll('-', '')}`, kind: 'ORDER_KIND_REVERSAL', state: 'ORDER_STATE_POSTED', ...c.body, effectiveOn: order.effectiveOn, reversesOrderId: order.orderId, reversesNumber: order.number, etag: 'v1', pupils: order.pupils.map(({ pupilId, name }) => ({ pupilId, name })) };
      Object.assign(order, { state: 'ORDER_STATE_REVERSED', reversedByOrderId: reversal.orderId, reversedByNumber: reversal.number });
      world.orders.push(reversal);
      return { order: reversal, reversed: order };
    }],
    ['GET', '/v1/pupils/:pupil/card', (c) => { staffOnly(c); return world.cards.show(c.params.pupil, c.me, notFound); }],
    ['PUT', '/v1/pupils/:pupil/cards/:person', (c) => { staffOnly(c); return world.cards.put(c, Refusal, notFound); }],
    ['PUT', '/v1/pupils/:pupil/guardianLinks/:link', (c) => { staffOnly(c); return world.cards.link(c, Refusal, notFound); }],
    ['GET', '/v1/schools/:school/rollover', (c) => { ownSchool(c); return { rollover: world.rollover.show() }; }],
    ['PUT', '/v1/schools/:school/rollover', (c) => { ownSchool(c); return { rollover: world.rollover.put(c.body, Refusal) }; }],
    ['POST', '/v1/schools/:school/rollover:apply', (c) => { ownSchool(c); return { rollover: world.rollover.apply(c.body, Refusal, world) }; }],
    ['POST', '/v1/schools/:school/rollover:undo', (c) => { ownSchool(c); return { rollover: world.rollover.undo(c.body, Refusal) }; }],
    ['GET', '/v1/schools/:school/arrivals', (c) => { ownSchool(c); return { arrivals: world.arrivals }; }],
    ['GET', '/v1/schools/:school/transferSchools', (c) => { ownSchool(c); return { schools: world.transferSchools }; }],
    ...supervisionRoutes({ world, ownSchool, refuse: (...what) => new Refusal(...what) }),
    ...groupRoutes({ world, ownSchool, refuse: (...what) => new Refusal(...what) }),
    ...modeRoutes({ world, ownSchool, refuse: (...what) => new Refusal(...what) }),
    ...schoolRoutes({ world, ownSchool, refuse: (...what) => new Refusal(...what) }),
    ['GET', '/v1/schoolRollouts', (c) => ({ rollouts: c.me.municipalityId ? world.rollouts.slice(0, 1) : world.rollouts })],
    ...studyRoutes({ world, ownSchool, now: () => mock.now, refuse: (...what) => new Refusal(...what) }),
    ...yearRoutes({ world, ownSchool, refuse: (...what) => new Refusal(...what) }),
    ['GET', '/v1/schools/:school/timetables', (c) => { ownSchool(c); return { timetables: world.timetables.list().filter((one) => (one.academicYear ?? '2026/2027') === (c.query.get('academicYear') || '2026/2027')) }; }],
    ['GET', '/v1/schools/:school/timetables/:timetable', (c) => world.timetables.whole(timetableOf(c))],
    ['POST', '/v1/schools/:school/timetables', (c) => { ownSchool(c); return { timetable: world.timetables.create(world.timetables.of(c.body.sourceTimetableId), c.body.title) }; }],
    ['POST', '/v1/schools/:school/timetables/:timetable:change', (c) => world.timetables.change(draftOf(c), c.body.operations)],
    ['GET', '/v1/schools/:school/timetables/:timetable/places', (c) => ({ places: world.timetables.places(timetableOf(c), Object.fromEntries(c.query)) })],
    ['GET', '/v1/schools/:school/timetables/:timetable/effect', (c) => world.timetables.preview(timetableOf(c))],
    ['POST', '/v1/schools/:school/timetables/:timetable:approve', (c) => {
      if (c.me.role !== 'ROLE_DIRECTOR') throw new Refusal(403, 'PERMISSION_DENIED', 'Недостаточно прав');
      return { timetable: world.timetables.approve(draftOf(c), c.body.validFrom, c.me.personId, mock.now) };
    }],
    ['POST', '/v1/schools/:school/timetables/:timetable:discard', (c) => { world.timetables.discard(draftOf(c)); return {}; }],
    ...eventRoutes({ world, ownSchool, refuse: (...what) => new Refusal(...what) }),
    ...calendarRoutes({ world, id, now: () => new Date(mock.now).toISOString(), refuse: (...what) => new Refusal(...what) }),
    ...consentRoutes({ world, refuse: (...what) => new Refusal(...what) }),
    ...municipalityRoutes({ world, refuse: (...what) => new Refusal(...what) }),
    ...sheetRoutes({ world, refuse: (...what) => new Refusal(...what) }),
    ['GET', '/v1/schools/:school/lessonPlans', (c) => {
      ownSchool(c);
      const [state, grade, teacherId] = ['state', 'grade', 'teacherId'].map((name) => c.query.get(name) ?? '');
      const own = c.me.role === 'ROLE_TEACHER' ? c.me.personId : teacherId;
      if ((c.query.get('academicYear') || SCHOOL.academicYear) !== SCHOOL.academicYear) return { counts: {} };
      const all = [...world.plans.values()].filter((item) => (!own || item.teacherIds.includes(own)) && (!grade || item.grade === Number(grade)));
      const ofState = (name) => all.filter((item) => item.state === `LESSON_PLAN_STATE_${name}`).length;
      const differs = (item) => item.state !== 'LESSON_PLAN_STATE_MISSING' && item.hoursDifference !== 0;
      return {
        lessonPlans: all.filter((item) => (!state || item.state === state) && (c.query.get('onlyDiffering') !== 'true' || differs(item))).map((item) => ({ ...item, themes: [] })),
        counts: { missing: ofState('MISSING'), draft: ofState('DRAFT'), returned: ofState('RETURNED'), approved: ofState('APPROVED'), differing: all.filter(differs).length },
      };
    }],
    ['GET', '/v1/schools/:school/groups/:group/subjects/:subject/lessonPlan', (c) => {
      const plan = planOf(c);
      return { lessonPlan: plan, lessons: world.columns.filter((item) => !item.cancelled && plan.groupId === world.maths.groupId).map(({ lessonId, date }) => ({ lessonId, date })) };
    }],
    ['PUT', '/v1/schools/:school/groups/:group/subjects/:subject/lessonPlan', (c) => {
      const plan = planOf(c);
      if ((c.body.etag ?? '') !== plan.etag) throw new Refusal(412, 'ETAG_STALE', 'План уже изменён, обновите страницу');
      if (c.body.themes.some((theme) => theme.themeId && !plan.themes.some((known) => known.themeId === theme.themeId))) throw new Refusal(400, 'INVALID_ARGUMENT', 'в плане нет такой темы');
      return { lessonPlan: world.putPlan(plan, c.body) };
    }],
    ['POST', '/v1/schools/:school/groups/:group/subjects/:subject/lessonPlan:approve', (c) => {
      const plan = planOf(c);
      if (c.body.etag !== plan.etag) throw new Refusal(412, 'ETAG_STALE', 'План уже изменён, обновите страницу');
      if (plan.hoursDifference !== 0) throw new Refusal(409, 'LESSON_PLAN_HOURS_DIFFER', 'Часы не сходятся');
      return { lessonPlan: world.decidePlan(plan, { state: 'LESSON_PLAN_STATE_APPROVED', decidedBy: c.me.personId, decidedAt: new Date(mock.now).toISOString() }) };
    }],
    ['POST', '/v1/schools/:school/groups/:group/subjects/:subject/lessonPlan:return', (c) => ({ lessonPlan: world.decidePlan(planOf(c), { state: 'LESSON_PLAN_STATE_RETURNED', remark: c.body.remark, decidedBy: c.me.personId, decidedAt: new Date(mock.now).toISOString() }) })],
    ['POST', '/v1/schools/:school/groups/:group/subjects/:subject/lessonPlan:copy', (c) => {
      const source = planOf(c);
      return { copies: c.body.targetGroupIds.map((groupId) => {
        const target = world.plans.get(`${groupId}|${source.subjectId}`);
        const verdict = !target ? 'UNKNOWN_LOAD' : target.etag && !c.body.replace ? 'PLAN_EXISTS' : 'COPIED';
        if (verdict === 'COPIED') world.putPlan(target, { title: source.title, themes: source.themes.map((theme) => ({ ...theme, themeId: '' })) });
        return { groupId, verdict: `LESSON_PLAN_COPY_VERDICT_${verdict}` };
      }) };
    }],
    ['POST', '/v1/schools/:school/groups/:group/subjects/:subject/lessonPlan:import', (c) => {
      const plan = planOf(c);
      const rows = c.body.text.split('\n').map((line, at) => ({ row: at + 1, cells: line.split('\t') })).filter((item) => item.cells.some(Boolean));
      const bad = ({ cells }) => !(Number(cells[1]) > 0);
      const themes = rows.filter((item) => !bad(item)).map(({ cells }, at) => ({ number: at + 1, title: cells[0], hours: Number(cells[1]) }));
      const issues = rows.filter(bad).map(({ row, cells }) => ({ row, column: '«Часы»', value: cells[1], reason: 'HOURS_INVALID', message: 'Часы — целое число от 1 до 200', hint: 'Укажите, сколько уроков занимает тема' }));
      return { themes, issues, plannedHours: themes.reduce((sum, item) => sum + item.hours, 0), requiredHours: plan.requiredHours };
    }],
    ['GET', '/v1/schools/:school/timesheet', (c) => {
      ownSchool(c);
      const month = c.query.get('month');
      return { rows: world.staff.slice(0, 20).map((item, index) => ({ teacherId: item.personId, planned: 60 + index, replaced: index % 3, cancelled: 0, substituted: index % 2, given: 60 + index - (index % 3) + (index % 2), days: [{ date: `${month}-03`, given: 4 }, { date: `${month}-16`, given: 5 }] })) };
    }],
    ['GET', '/v1/schools/:school/pupils', (c) => {
      ownSchool(c);
      const search = (c.query.get('search') ?? '').toLowerCase();
      const of = c.query.get('former') ? world.formerPupils : world.pupils;
      return { pupils: of.filter((item) => (!c.query.get('classId') || item.classId === c.query.get('classId')) && item.name.surname.toLowerCase().startsWith(search)) };
    }],
    ['GET', '/v1/schools/:school/teacherDay', (c) => {
      ownSchool(c);
      const date = c.query.get('date') || TODAY;
      const lessons = date === TODAY ? world.day : weekday(date) > 4 ? [] : world.columns.filter((item) => item.date === date).map((lesson) => ({ lesson, journal: world.maths, pupilCount: 30, markCount: 8, absentCount: 1, room: '24' }));
      for (const item of lessons) if (item.journal === world.maths) item.markCount = [...world.cells.values()].filter((cell) => cell.lessonId === item.lesson.lessonId).reduce((sum, cell) => sum + cell.marks.length, 0);
      return { date, lessons: lessons.map((item) => ({ ...item, lesson: { ...item.lesson, journalId: undefined } })) };
    }],
    ['GET', '/v1/schools/:school/journals', (c) => {
      ownSchool(c);
      const past = '2025/2026';
      const academicYear = c.query.get('academicYear') || '2026/2027';
      return { journals: academicYear === past ? world.journals.slice(0, 1) : world.journals, academicYear, academicYears: [past, '2026/2027'] };
    }],
    ['GET', '/v1/schools/:school/journals/:journal/page', (c) => { ownSchool(c); const page = pageOf(journalOf(c), c.query.get('from'), c.query.get('to')); c.tag = page.revision; return { page }; }],
    ['POST', '/v1/schools/:school/journals/:journal/marks:batchSet', (c) => {
      ownSchool(c);
      journalOf(c);
      if (!c.body.operations?.length || c.body.operations.length > 200) throw new Refusal(400, 'INVALID_ARGUMENT', 'От 1 до 200 операций');
      mock.batches.push(c.bytes);
      const results = c.body.operations.map(judge);
      queueMicrotask(() => {
        tell(`journal:${c.params.journal}`, 'CELLS_CHANGED', c.params.journal);
        for (const pupilId of new Set(c.body.operations.map((item) => item.pupilId))) tell(`pupil:${pupilId}`, 'CELLS_CHANGED', pupilId);
      });
      return { results, causalToken: { cursors: { grading: `e1.${told.length}` } } };
    }],
    ['POST', '/v1/schools/:school/lessons/:lesson:record', (c) => {
      ownSchool(c);
      const lesson = world.lessons.get(c.params.lesson);
      if (!lesson) throw notFound();
      if ((c.body.etag ?? '') !== lesson.etag) throw new Refusal(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
      Object.assign(lesson, { topic: c.body.topic, homework: c.body.homework ?? '', homeworkMinutes: c.body.homeworkMinutes ?? 0, controlKind: c.body.controlKind ?? 'CONTROL_KIND_UNSPECIFIED', conducted: true, etag: `v${Number(lesson.etag.slice(1) || 0) + 1}` });
      world.pageRevision += 1;
      return { lesson: { ...lesson, journalId: undefined } };
    }],
    ['POST', '/v1/schools/:school/lessons/:lesson/correctionRequests', (c) => {
      ownSchool(c);
      const { operation, reason } = c.body;
      const pupil = world.pupils.find((item) => item.pupilId === operation.pupilId);
      const lesson = world.lessons.get(operation.lessonId);
      const cell = cellOf(operation.lessonId, operation.pupilId);
      cell.correctionPending = true;
      const made = {
        correctionRequestId: id('cor'), schoolId: SCHOOL.schoolId, journalId: world.maths.journalId, lessonId: lesson.lessonId, date: lesson.date, subjectTitle: 'Математика', groupTitle: '5-А',
        pupilId: pupil.pupilId, pupilName: pupil.name, operation, oldValue: text(cell, operation), newValue: operation.setMark?.value ?? '', reason, state: 'CORRECTION_STATE_PENDING', authorId: world.teacher.personId, authorName: world.teacher.name, requestedAt: new Date(mock.now).toISOString(),
      };
      world.corrections.unshift(made);
      world.ledger.push(requestEntry(made, '', sealed(made)));
      tell(`corrections:${SCHOOL.schoolId}`, 'CORRECTION_CHANGED', made.correctionRequestId);
      return { correctionRequest: made };
    }],
    ['GET', '/v1/schools/:school/correctionRequests', (c) => {
      ownSchool(c);
      const state = c.query.get('state');
      return { correctionRequests: world.corrections.filter((item) => !state || item.state === state).map((item) => ({ ...item, canDecide: c.me.role !== 'ROLE_TEACHER' && item.state === 'CORRECTION_STATE_PENDING' })) };
    }],
    ['POST', '/v1/schools/:school/correctionRequests/:request:decide', (c) => {
      ownSchool(c);
      const request = world.corrections.find((item) => item.correctionRequestId === c.params.request);
      if (!request) throw notFound();
      if (request.state !== 'CORRECTION_STATE_PENDING') throw new Refusal(422, 'CORRECTION_DECIDED', 'Заявка уже решена');
      Object.assign(request, { state: c.verb === 'approve' ? 'CORRECTION_STATE_APPROVED' : 'CORRECTION_STATE_REFUSED', note: c.body.note ?? '', decidedByName: world.deputy.name, decidedAt: new Date(mock.now).toISOString() });
      world.ledger.push(requestEntry(request, sealed(request), c.verb === 'approve' ? 'APPROVED' : 'REFUSED'));
      if (request.operation && c.verb === 'approve') put(request.operation, world.teacher, { correctionRequestId: request.correctionRequestId });
      return { correctionRequest: request };
    }],
    ['GET', '/v1/schools/:school/lessons/:lesson/pupils/:pupil/history', (c) => {
      ownSchool(c);
      const known = world.ledger.filter((item) => item.lessonId === c.params.lesson && item.pupilId === c.params.pupil);
      const cell = cellOf(c.params.lesson, c.params.pupil);
      const seeded = known.length === 0 && cell.marks.length > 0 ? [{ ledgerEntryId: randomUUID(), subject: 'LEDGER_SUBJECT_MARK', oldValue: '', newValue: cell.marks[0].value, authorName: world.teacher.name, recordedAt: cell.marks[0].setAt }] : [];
      const requests = world.corrections.filter((item) => item.lessonId === c.params.lesson && item.pupilId === c.params.pupil);
      return { entries: [...seeded, ...known], correctionRequests: requests };
    }],
    ['GET', '/v1/pupils/:pupil/diaryWeek', (c) => {
      childOf(c);
      const date = c.query.get('date') || TODAY;
      const monday = addDays(date, -weekday(date));
      const child = [...world.children, ...world.pupils].find((item) => item.pupilId === c.params.pupil);
      const week = { pupilId: c.params.pupil, name: child.name, classTitle: child.classTitle, monday, days: Array.from({ length: 6 }, (_, index) => world.diaryDay(c.params.pupil, addDays(monday, index))), asOf: new Date(mock.now).toISOString(), paperJournal: world.modes.paperDays(c.params.pupil).some((one) => one.startsOn <= addDays(monday, 6) && one.endsOn >= monday) };
      c.tag = createHash('sha1').update(JSON.stringify(week)).digest('hex').slice(0, 12);
      return { week: { ...week, revision: c.tag } };
    }],
    ['GET', '/v1/pupils/:pupil/marks', (c) => {
      childOf(c);
      const subjects = new Map();
      for (let date = '2026-11-09'; date <= TODAY; date = addDays(date, 1)) {
        for (const lesson of world.diaryDay(c.params.pupil, date).lessons) {
          const known = subjects.get(lesson.subjectTitle) ?? { subjectId: id('sub'), subjectTitle: lesson.subjectTitle, marks: [], missedLessons: 0 };
          subjects.set(lesson.subjectTitle, known);
          for (const mark of lesson.cell?.marks ?? []) known.marks.push({ lessonId: lesson.lessonId, date, mark });
          if (lesson.cell?.attendance && lesson.cell.attendance !== 'ATTENDANCE_UNSPECIFIED') known.missedLessons += 1;
        }
      }
      return { periodId: id('prd'), periodTitle: '2 четверть', subjects: [...subjects.values()].sort((a, b) => a.subjectTitle.localeCompare(b.subjectTitle, 'ru')) };
    }],
    ['GET', '/v1/schools/:school/controlBoard', (c) => {
      ownSchool(c);
      const classes = world.classes.map((item, index) => ({ classId: item.classId, classTitle: item.title, figures: figures(index, 46 + (index % 7)) }));
      const teachers = world.staff.slice(0, 24).map((item, index) => ({ teacherId: item.personId, name: item.name, figures: { ...figures(index + 3, 34 + (index % 9)), pupilSubjects: 0, withoutMarks: 0, withOneMark: 0 } }));
      return { board: { from: c.query.get('from') || '2026-11-09', to: c.query.get('to') || TODAY, school: total(classes.map((item) => item.figures)), classes, teachers, asOf: new Date(mock.now).toISOString() } };
    }],
    ['GET', '/v1/schools/:school/controlBoard/lessons', (c) => { ownSchool(c); return { lessons: world.columns.slice(0, 6).map((item, index) => ({ lessonId: item.lessonId, journalId: world.maths.journalId, date: item.date, lessonNumber: item.lessonNumber, groupTitle: '5-А', subjectTitle: 'Математика', teacherName: personName(index * 3 + 1, 1) })) }; }],
    ['GET', '/v1/schools/:school/controlBoard/pupils', (c) => { ownSchool(c); return { pupils: world.pupils.slice(0, 9).map((item, index) => ({ pupilId: item.pupilId, name: item.name, classTitle: '5-А', subjectTitle: ['Музыка', 'Технология', 'География'][index % 3], marks: c.query.get('figure') === 'PUPIL_FIGURE_ONE_MARK' ? 1 : 0 })) }; }],
    ['POST', '/v1/schools/:school/reportJobs:run', (c) => {
      ownSchool(c);
      const klass = world.classes.find((item) => item.classId === c.body.classId);
      if (!klass) throw new Refusal(404, 'CLASS_NOT_FOUND', 'Такого класса нет');
      const job = { reportJobId: id('job'), schoolId: SCHOOL.schoolId, kind: 'REPORT_KIND_CLASS_SUMMARY', classId: klass.classId, classTitle: klass.title, from: c.body.from || '2026-11-09', to: c.body.to || TODAY, state: 'REPORT_JOB_STATE_QUEUED', progressPercent: 0, stage: 'в очереди', queuedAt: new Date(mock.now).toISOString() };
      world.jobs.unshift(job);
      return { reportJob: job };
    }],
    ['GET', '/v1/schools/:school/reportJobs', (c) => { ownSchool(c); return { reportJobs: world.jobs }; }],
    ['GET', '/v1/schools/:school/reportJobs/:job', (c) => {
      ownSchool(c);
      const job = world.jobs.find((item) => item.reportJobId === c.params.job);
      if (!job) throw notFound();
      if (job.state === 'REPORT_JOB_STATE_QUEUED' || job.state === 'REPORT_JOB_STATE_RUNNING') {
        job.progressPercent = Math.min(100, job.progressPercent + 40);
        Object.assign(job, job.progressPercent === 100 ? { state: 'REPORT_JOB_STATE_DONE', stage: '', endedAt: new Date(mock.now).toISOString() } : { state: 'REPORT_JOB_STATE_RUNNING', stage: 'считаем средние' });
      }
      return { reportJob: job };
    }],
    ['POST', '/v1/schools/:school/reportJobs/:job:cancel', (c) => { ownSchool(c); const job = world.jobs.find((item) => item.reportJobId === c.params.job); if (!job) throw notFound(); job.state = 'REPORT_JOB_STATE_CANCELLED'; return { reportJob: job }; }],
    ['POST', '/v1/schools/:school/ledger:verify', (c) => { ownSchool(c); return { entryCount: '18432', checkpointCount: '61', findings: c.body.from === '2026-10-01' ? [{ reason: 'STATE_DIFFERS', record: 'mark mrk_0f3c… (урок 12.11.2026, 5-А, математика)', message: 'В журнале стоит 5, в реестре 3', day: '2026-11-12' }] : [] }; }],
    ['POST', '/v1/schools/:school/invitations:issue', (c) => {
      ownSchool(c);
      const { audience, classId, personIds = [] } = c.body;
      const used = new Set(world.invitations.filter((item) => item.state === 'INVITATION_STATE_USED').map((item) => item.personId));
      const pool = audience === 'AUDIENCE_STAFF' ? world.staff : audience === 'AUDIENCE_CLASS_PUPILS' ? world.pupils : world.guardians;
      const role = audience === 'AUDIENCE_STAFF' ? 'ROLE_TEACHER' : audience === 'AUDIENCE_CLASS_PUPILS' ? 'ROLE_PUPIL' : 'ROLE_GUARDIAN';
      const chosen = pool.filter((item) => (personIds.length ? personIds.includes(item.personId ?? item.pupilId) : !used.has(item.personId ?? item.pupilId)));
      return { invitations: chosen.map((person) => {
        for (const earlier of world.invitations) {
          if (earlier.personId === (person.personId ?? person.pupilId) && earlier.state === 'INVITATION_STATE_ISSUED') earlier.state = 'INVITATION_STATE_REVOKED';
        }
        const invitation = world.invite(person, role, 'INVITATION_STATE_ISSUED', { classId, relation: person.relation, issuedAt: new Date(mock.now).toISOString() });
        const code = codeOf(invitation.invitationId);
        return { invitation, code, qrSvg: qr(code) };
      }) };
    }],
    ['GET', '/v1/schools/:school/invitations', (c) => {
      ownSchool(c);
      const classId = c.query.get('classId') ?? '';
      const found = world.invitations.filter((item) => (item.classId ?? '') === classId);
      return { invitations: found, personCount: classId ? 60 : world.staff.length, registeredCount: new Set(found.filter((item) => item.state === 'INVITATION_STATE_USED').map((item) => item.personId)).size };
    }],
    ['POST', '/v1/schools/:school/invitations/:invitation:revoke', (c) => { ownSchool(c); const found = world.invitations.find((item) => item.invitationId === c.params.invitation); if (!found) throw notFound(); found.state = 'INVITATION_STATE_REVOKED'; return { invitation: found }; }],
    ['POST', '/v1/schoolImports:upload', (c) => {
      const fileName = c.query.get('fileName') ?? 'книга.xlsx';
      if (!/spreadsheetml|^application\/zip$/.test(c.request.headers['content-type'] ?? '')) throw new Refusal(400, 'WORKBOOK_WRONG_FORMAT', 'Это не книга Excel');
      const made = makeImport(fileName, { messy: /messy|31/.test(fileName) });
      world.imports.set(made.school.schoolImportId, made);
      return { schoolImport: made.school };
    }],
    ['GET', '/v1/schoolImports/:import', (c) => {
      const found = world.imports.get(c.params.import);
      if (!found) throw notFound();
      if (found.school.state === 'SCHOOL_IMPORT_STATE_APPLYING') {
        found.school.progressPercent = Math.min(100, found.school.progressPercent + 35);
        if (found.school.progressPercent === 100) Object.assign(found.school, { state: 'SCHOOL_IMPORT_STATE_APPLIED', schoolId: SCHOOL.schoolId });
      }
      return { schoolImport: found.school };
    }],
    ['GET', '/v1/schoolImports/:import/rows', (c) => {
      const found = world.imports.get(c.params.import);
      if (!found) throw notFound();
      const from = Number(c.query.get('pageToken') || 0);
      const size = Number(c.query.get('pageSize') || 50);
      const rows = found.rows.filter((item) => (!c.query.get('sheet') || item.sheet === c.query.get('sheet')) && (!c.query.get('verdict') || item.verdict === c.query.get('verdict')));
      return { rows: rows.slice(from, from + size), nextPageToken: from + size < rows.length ? String(from + size) : '' };
    }],
    ['POST', '/v1/schoolImports/:import:apply', (c) => {
      const found = world.imports.get(c.params.import);
      if (!found) throw notFound();
      if (found.school.errors.length && !c.body.skipRefusedRows) throw new Refusal(422, 'IMPORT_HAS_ERRORS', 'Есть строки с ошибками');
      Object.assign(found.school, { state: 'SCHOOL_IMPORT_STATE_APPLYING', progressPercent: 5 });
      return { schoolImport: found.school };
    }],
  ];

  function find(method, path) {
    for (const [wanted, pattern, handler] of routes) {
      if (wanted !== method) continue;
      const expected = pattern.split('/');
      const actual = path.split('/');
      if (expected.length !== actual.length) continue;
      const params = {};
      let verb = '';
      const fits = expected.every((part, index) => {
        const segment = decodeURIComponent(actual[index]);
        const [, name, suffix] = /^:([a-z]+)(?::(\w+))?$/i.exec(part) ?? [];
        if (!name) return part === segment;
        const [head, tail] = segment.split(':');
        if (suffix === 'decide' ? !['approve', 'refuse'].includes(tail) : suffix !== tail) return false;
        params[name] = head;
        verb = tail ?? '';
        return true;
      });
      if (fits) return { handler, params, verb };
    }
    return null;
  }

  // Sessions

  function cookieOf(request) {
    return /__Host-sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  }

  function open(response, session) {
    const secret = randomUUID();
    sessions.set(secret, session);
    json(response, 200, meOf(session), { 'set-cookie': `__Host-sid=${secret}; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Lax` });
  }

  function sessionCall(request, response, verb, body) {
    const secret = cookieOf(request);
    const session = sessions.get(secret);
    switch (verb) {
      case 'logIn':
        if (!roles[body.login] || body.password === 'wrong') throw new Refusal(401, 'CREDENTIALS_WRONG', 'Логин или пароль не подходят');
        if (mock.factors.get(body.login)?.on) {
          const challenge = randomUUID();
          challenges.set(challenge, body.login);
          json(response, 200, { secondFactor: { expiresInSeconds: 300 } }, { 'set-cookie': `__Host-challenge=${challenge}; Max-Age=300; Path=/; Secure; HttpOnly; SameSite=Lax` });
          return;
        }
        open(response, { login: body.login });
        return;
      case 'completeLogIn': {
        const login = challenges.get(/__Host-challenge=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]);
        if (!login) throw new Refusal(401, 'CHALLENGE_UNKNOWN', 'Время второго шага вышло');
        if (body.code === '000000') throw new Refusal(401, 'CODE_WRONG', 'Код неверный');
        open(response, { login });
        return;
      }
      case 'register':
        if (!body.login && session) {
          open(response, session);
          return;
        }
        if (body.login === 'taken') throw new Refusal(409, 'LOGIN_TAKEN', 'Логин занят');
        if (body.password === '1234567890') throw new Refusal(422, 'PASSWORD_WEAK', 'Слишком простой пароль');
        roles[body.login] = roles.parent;
        open(response, { login: body.login });
        return;
      case 'stepUp':
        if (!session) throw new Refusal(401, 'SESSION_ENDED', 'Сеанс завершён');
        if (body.password === 'wrong') throw new Refusal(400, 'CREDENTIALS_WRONG', 'Неверный пароль');
        if (body.code === '000000') throw new Refusal(400, 'CODE_WRONG', 'Код неверный или уже использован');
        sessions.delete(secret);
        open(response, { ...session, proved: true });
        return;
      case 'switchRole':
        if (!session) throw new Refusal(401, 'SESSION_ENDED', 'Сеанс завершён');
        sessions.delete(secret);
        open(response, { ...session, role: body.role });
        return;
      default:
        sessions.delete(secret);
        response.writeHead(204, { 'set-cookie': '__Host-sid=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax', 'clear-site-data': '"cache", "storage"' });
        response.end();
    }
  }
  mock.endChallenges = () => challenges.clear();
  mock.endSessions = () => sessions.clear();
  mock.streams = () => streams.size;

  function json(response, status, value, headers = {}) {
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json; charset=utf-8' : 'application/problem+json', date: new Date(mock.now).toUTCString(), 'cache-control': 'no-store', ...headers });
    response.end(JSON.stringify(value));
  }

  function refuse(response, refusal) {
    json(response, refusal.status, { type: `/docs/problems#${refusal.code}`, title: 'Отказ', status: refusal.status, detail: refusal.detail, code: refusal.code, traceId: '4bf92f3577b34da6a3ce929d0e0e4736', ...refusal.extra });
  }

  async function bodyOf(request) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /** What demands a fresh proof, as the options of the contract say. */
  const STEP_UP = /:(resetSecondFactor|issuePasswordReset|issue|grant|revoke|approve|download|export|register|rotateSecret|retire)$/;

  function demandProof(me, session, path) {
    if (me.secondFactorMissing && !path.startsWith('/v1/me')) throw new Refusal(403, 'SECOND_FACTOR_MISSING', 'Ваша роль требует второго фактора: сначала включите его');
    if (!mock.stepUp || session.proved || !STEP_UP.test(path)) return;
    throw new Refusal(403, 'STEP_UP_REQUIRED', 'Подтвердите действие', { metadata: { method: mock.stepUp, max_age_seconds: '300' } });
  }

  async function api(request, response, url) {
    const bytes = await bodyOf(request);
    const state = request.method !== 'GET';
    const kind = (request.headers['content-type'] ?? '').split(';')[0];
    // As the gateway has it: our header, and a type that a foreign form cannot send, of a DELETE too.
    const foreign = ['', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'].includes(kind);
    if (state && (request.headers['x-zhurnal-csrf'] !== '1' || foreign)) throw new Refusal(403, 'CSRF', 'Запрос отправлен не со страницы журнала');
    const isJson = (request.headers['content-type'] ?? '').startsWith('application/json');
    const body = state && isJson ? JSON.parse(bytes.toString() || '{}') : {};
    if (url.pathname.startsWith('/session/')) {
      if (!isJson) throw new Refusal(403, 'CSRF', 'Нужен application/json');
      sessionCall(request, response, url.pathname.slice('/session/'.length), body);
      return;
    }
    if (url.pathname === '/v1/invitations:preview') {
      if (!/^[A-Z0-9]{4}/i.test(body.code ?? '') || /^zzzz/i.test(body.code)) throw new Refusal(404, 'INVITATION_UNKNOWN', 'Такого кода нет');
      json(response, 200, { preview: { shortName: 'Елена Б.', role: 'ROLE_GUARDIAN', schoolTitle: SCHOOL.title, expiresAt: '2026-12-10T07:00:00Z' } });
      return;
    }
    if (url.pathname === '/v1/passwordResets:use') {
      if (/^zzzz/i.test(body.code ?? '')) throw new Refusal(404, 'RESET_CODE_UNKNOWN', 'Код не найден, уже использован или истёк');
      if (body.newPassword === '1234567890') throw new Refusal(422, 'PASSWORD_WEAK', 'Слишком простой пароль');
      json(response, 200, { login: 'parent' });
      return;
    }
    const session = sessions.get(cookieOf(request));
    if (!session) throw new Refusal(401, 'SESSION_ENDED', 'Сеанс завершён');
    const me = meOf(session);
    if (url.pathname === '/v1/events') {
      const topics = (url.searchParams.get('topics') ?? '').split(',');
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('event: ready\ndata: {}\n\n');
      const stream = { topics, response };
      const last = request.headers['last-event-id'] ?? url.searchParams.get('after');
      for (const event of last ? told.slice(Number(last.slice('e1.'.length))) : []) pass(stream, event);
      streams.add(stream);
      response.on('close', () => streams.delete(stream));
      return;
    }
    if (url.pathname.endsWith(':download')) {
      demandProof(me, session, url.pathname);
      response.writeHead(200, { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="report.csv"' });
      response.end('Ученик;Средний\nБаранова София;4,50\n');
      return;
    }
    if (url.pathname.endsWith(':export')) {
      demandProof(me, session, url.pathname);
      takeSchool(response, url.searchParams.get('format'));
      return;
    }
    const found = find(request.method, url.pathname);
    if (!found) throw notFound();
    if (request.method === 'GET') response.setHeader('zhurnal-live-position', `e1.${told.length}`);
    demandProof(me, session, url.pathname);
    if (mock.weather.unavailable > 0) {
      mock.weather.unavailable -= 1;
      throw new Refusal(503, 'UNAVAILABLE', 'Временно недоступно');
    }
    if (mock.weather.delayMs) await new Promise((resolve) => setTimeout(resolve, mock.weather.delayMs));
    const key = request.headers['idempotency-key'];
    const once = state && !/:(verify|preview|markRead)$/.test(url.pathname);
    const hash = createHash('sha256').update(url.pathname).update(bytes).digest('hex');
    if (once && !/^[0-9a-f-]{36}$/.test(key ?? '')) throw new Refusal(400, 'IDEMPOTENCY_KEY_REQUIRED', 'Нужен заголовок Idempotency-Key с UUID');
    let answer;
    if (once && replies.has(key)) {
      if (replies.get(key).hash !== hash) throw new Refusal(422, 'IDEMPOTENCY_KEY_REUSED', 'Ключ уже использован для другого запроса');
      answer = replies.get(key).answer;
    } else {
      const context = { me, params: found.params, verb: found.verb, query: url.searchParams, body, bytes: bytes.toString(), request, tag: '' };
      answer = { value: proto(await found.handler(context)), tag: context.tag };
      if (once) replies.set(key, { hash, answer });
    }
    if (once && mock.weather.dropAnswers > 0) {
      mock.weather.dropAnswers -= 1;
      response.destroy();
      return;
    }
    const etag = answer.tag ? `W/"${answer.tag}"` : '';
    if (etag && request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag, date: new Date(mock.now).toUTCString() });
      response.end();
      return;
    }
    json(response, 200, answer.value, etag ? { etag } : {});
  }

  async function file(response, pathname) {
    const name = extname(pathname) ? normalize(pathname) : '/index.html';
    try {
      const content = await readFile(join(DIST, name));
      response.writeHead(200, {
        'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'content-security-policy': CSP, 'x-content-type-options': 'nosniff',
        'cache-control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
      response.end(content);
    } catch {
      response.writeHead(404);
      response.end();
    }
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const isApi = /^\/(v1|session)\//.test(url.pathname) || url.pathname === '/v1/events';
    if (!isApi) {
      void file(response, url.pathname);
      return;
    }
    mock.requests.push(`${request.method} ${url.pathname}`);
    api(request, response, url).catch((error) => {
      if (error instanceof Refusal) refuse(response, error);
      else {
        console.error(error);
        refuse(response, new Refusal(500, 'INTERNAL', String(error)));
      }
    });
  });
  server.keepAliveTimeout = 1_000;

  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => {
      mock.origin = `http://127.0.0.1:${server.address().port}`;
      mock.close = () => {
        for (const stream of streams) stream.response.end();
        server.closeAllConnections();
        return new Promise((done) => server.close(done));
      };
      resolve(mock);
    });
  });
}
