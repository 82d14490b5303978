import { SCHOOL, TODAY } from './world.mjs';

const MANAGEMENT = ['ROLE_ADMINISTRATOR', 'ROLE_DEPUTY', 'ROLE_DIRECTOR'];
const TOLD = ['SCHOOL_EVENT_STATE_PUBLISHED', 'SCHOOL_EVENT_STATE_CANCELLED'];
export const ROOMS = ['каб. 11', 'каб. 24', 'Актовый зал'];

const blank = { kind: 'SCHOOL_EVENT_KIND_ACTIVITY', text: '', startsAt: '', endsAt: '', room: '', place: '', audience: 'SCHOOL_EVENT_AUDIENCE_CLASSES', classIds: [], groupId: '', subjectId: '' };

/** November of the own class and of the school, with one draft and one event that was cancelled. */
export function makeEvents(own, id) {
  const event = (startsOn, title, more = {}, state = 'SCHOOL_EVENT_STATE_PUBLISHED', cancelReason = '') => ({
    schoolEventId: id('evt'), schoolId: SCHOOL.schoolId, content: { ...blank, title, startsOn, endsOn: startsOn, classIds: [own.classId], ...more }, state, cancelReason, etag: 'v2',
  });
  return [
    event('2026-11-12', 'Экскурсия в музей', { startsAt: '13:00', endsAt: '15:00', place: 'Музей истории города' }),
    event('2026-11-20', 'Родительское собрание', { kind: 'SCHOOL_EVENT_KIND_PARENTS_MEETING', startsAt: '18:00', endsAt: '19:00', room: 'каб. 11', text: 'Итоги первой четверти, подготовка к Новому году.' }),
    event('2026-11-21', 'Поход', { place: 'Парк' }, 'SCHOOL_EVENT_STATE_CANCELLED', 'дождь'),
    event('2026-11-26', 'Осенний концерт', { audience: 'SCHOOL_EVENT_AUDIENCE_SCHOOL', classIds: [], startsAt: '12:00', endsAt: '13:30', room: 'Актовый зал' }),
    { ...event('2026-11-27', 'Классный час', { startsAt: '13:00', endsAt: '13:40', room: 'каб. 24' }, 'SCHOOL_EVENT_STATE_DRAFT'), etag: 'v1' },
  ];
}

/** Routes of the events; `refuse(status, code, detail, extra)` makes a refusal. */
export function eventRoutes({ world, ownSchool, refuse }) {
  const events = world.events;
  const missing = () => refuse(404, 'NOT_FOUND', 'Не найдено');
  const denied = () => refuse(403, 'PERMISSION_DENIED', 'Недостаточно прав');
  const ownClasses = (me) => world.classes.filter((one) => one.classTeacherId === me.personId).map((one) => one.classId);
  const may = (me, { audience, classIds }) => MANAGEMENT.includes(me.role) || (audience.endsWith('CLASSES') && classIds.every((one) => ownClasses(me).includes(one)));
  const groupTitle = (content) => world.groups.find((one) => one.groupId === content.groupId)?.title ?? '';
  const subjectTitle = (content) => subjects().find((one) => one.subjectId === content.subjectId)?.subjectTitle ?? '';
  const conflicts = ({ content }) => (content.room === 'каб. 24' && content.startsAt ? [{ kind: 'ROOM_CONFLICT_KIND_LESSON', date: content.startsOn, startsAt: '12:30', endsAt: '13:10', title: '9-Б, Информатика' }] : []);
  const subjects = () => [...new Map(world.journals.map((one) => [one.subjectId, { subjectId: one.subjectId, subjectTitle: one.subjectTitle }])).values()];
  const shown = (event, me) => {
    const canChange = may(me, event.content);
    return { ...event, canChange, groupTitle: groupTitle(event.content), subjectTitle: subjectTitle(event.content), roomConflicts: canChange ? conflicts(event) : [] };
  };
  const between = (c) => (event) => event.content.startsOn <= c.query.get('to') && event.content.endsOn >= c.query.get('from');
  const ofClass = (content, classId) => content.audience.endsWith('_SCHOOL') || content.classIds.includes(classId);
  const byTime = (a, b) => (a.content.startsOn + a.content.startsAt).localeCompare(b.content.startsOn + b.content.startsAt);
  const known = ({ params, me, body }) => {
    const event = events.find((one) => one.schoolEventId === params.event);
    if (!event) throw missing();
    if (!may(me, event.content)) throw denied();
    if (event.etag !== body.etag) throw refuse(412, 'ETAG_STALE', 'Событие уже изменено, обновите страницу');
    return event;
  };
  const next = (event, change) => Object.assign(event, change, { etag: `v${Number(event.etag.slice(1)) + 1}` });
  return [
    ['GET', '/v1/schools/:school/teachingLoads', (c) => { ownSchool(c); return { teachingLoads: subjects() }; }],
    ['GET', '/v1/schools/:school/events', (c) => {
      ownSchool(c);
      const classId = c.query.get('classId');
      const found = events.filter(between(c)).filter((one) => !classId || ofClass(one.content, classId));
      const seen = found.filter((one) => TOLD.includes(one.state) || may(c.me, one.content)).toSorted(byTime);
      return { schoolEvents: seen.map((one) => shown(one, c.me)), ownClassIds: ownClasses(c.me), canChangeAll: MANAGEMENT.includes(c.me.role), rooms: ROOMS };
    }],
    ['POST', '/v1/schools/:school/events', (c) => {
      ownSchool(c);
      const { content, schoolEventId } = c.body;
      if (!may(c.me, content)) throw denied();
      const wanted = { ...content, endsOn: content.endsOn || content.startsOn };
      if (wanted.endsOn < TODAY) throw refuse(400, 'EVENT_IS_OVER', 'Это событие уже прошло');
      if (wanted.kind.endsWith('EXAM') && !wanted.subjectId) throw refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/content/subjectId', rule: 'REQUIRED', message: 'укажите предмет экзамена' }] });
      if (schoolEventId) {
        const event = known({ ...c, params: { event: schoolEventId } });
        return { schoolEvent: shown(next(event, { content: wanted }), c.me) };
      }
      const event = { schoolEventId: `evt_${String(events.length + 1).padStart(32, '0')}`, schoolId: SCHOOL.schoolId, content: wanted, state: 'SCHOOL_EVENT_STATE_DRAFT', cancelReason: '', etag: 'v1' };
      events.push(event);
      return { schoolEvent: shown(event, c.me) };
    }],
    ['POST', '/v1/schools/:school/events:publish', (c) => {
      ownSchool(c);
      const wanted = c.body.schoolEvents.map((one) => known({ ...c, params: { event: one.schoolEventId }, body: one }));
      if (wanted.some((one) => !one.state.endsWith('DRAFT'))) throw refuse(400, 'EVENT_NOT_DRAFT', 'Это событие уже опубликовано');
      return { schoolEvents: wanted.map((one) => shown(next(one, { state: 'SCHOOL_EVENT_STATE_PUBLISHED' }), c.me)) };
    }],
    ['POST', '/v1/schools/:school/events/:event:cancel', (c) => {
      ownSchool(c);
      return { schoolEvent: shown(next(known(c), { state: 'SCHOOL_EVENT_STATE_CANCELLED', cancelReason: c.body.reason }), c.me) };
    }],
    ['POST', '/v1/schools/:school/events/:event:discard', (c) => {
      ownSchool(c);
      events.splice(events.indexOf(known(c)), 1);
      return {};
    }],
    ['GET', '/v1/schools/:school/pupils/:pupil/events', (c) => {
      const child = c.me.children?.find((one) => one.pupilId === c.params.pupil);
      if (!child) throw missing();
      const classId = world.classes.find((one) => one.title === child.classTitle)?.classId;
      const seen = events.filter(between(c)).filter((one) => TOLD.includes(one.state) && ofClass(one.content, classId)).toSorted(byTime);
      return { schoolEvents: seen.map((one) => ({ ...shown(one, c.me), canChange: false, roomConflicts: [] })) };
    }],
  ];
}
