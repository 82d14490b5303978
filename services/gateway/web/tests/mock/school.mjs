import { NOW, TODAY } from './world.mjs';

const WRITERS = ['ROLE_ADMINISTRATOR', 'ROLE_DIRECTOR'];
const READERS = [...WRITERS, 'ROLE_DEPUTY', 'ROLE_SECRETARY', 'ROLE_MINISTRY_OFFICER'];
const FIELDS = {
  fullTitle: 'FULL_TITLE', shortTitle: 'SHORT_TITLE', inn: 'INN', ogrn: 'OGRN', legalAddress: 'LEGAL_ADDRESS', actualAddress: 'ACTUAL_ADDRESS',
  phone: 'PHONE', email: 'EMAIL', site: 'SITE', journalPage: 'JOURNAL_PAGE', buildingCount: 'BUILDING_COUNT',
};

/** Filled in, confirmed in the last academic year. */
export function makeProfile() {
  const entry = {
    fullTitle: 'Муниципальное бюджетное общеобразовательное учреждение «Школа № 1» (вымышленная)', shortTitle: 'МБОУ «Школа № 1»', inn: '9102000006', ogrn: '1149102000002',
    legalAddress: 'Вымышленный район, с. Примерное, ул. Школьная, 1', actualAddress: 'Вымышленный район, с. Примерное, ул. Школьная, 1',
    phone: '+79780000000', email: 'school@school.example', site: 'https://school.example', journalPage: 'https://school.example/journal', buildingCount: 2,
  };
  return [
    { etag: 'v1', at: '2026-05-12T08:00:00Z', by: 'Петренко А. В.', confirmed: false, entry },
    { etag: 'v2', at: '2026-05-12T08:05:00Z', by: 'Петренко А. В.', confirmed: true, entry },
  ];
}

function changesOf(version, before) {
  return Object.keys(FIELDS)
    .map((name) => ({ field: `SCHOOL_PROFILE_FIELD_${FIELDS[name]}`, oldValue: String(before?.entry[name] || ''), newValue: String(version.entry[name] || '') }))
    .filter((one) => one.oldValue !== one.newValue);
}

/** Routes of the profile; `refuse(status, code, detail, extra)` makes a refusal. */
export function schoolRoutes({ world, ownSchool, refuse }) {
  const versions = world.profile;
  const may = ({ me }, roles) => { if (!roles.includes(me.role)) throw refuse(403, 'PERMISSION_DENIED', 'Недостаточно прав'); };
  const latest = () => versions.at(-1);
  const shown = (me) => {
    const confirmed = versions.findLast((one) => one.confirmed);
    const on = confirmed?.at.slice(0, 10) ?? '';
    const state = !latest() ? 'EMPTY' : !confirmed ? 'UNCONFIRMED' : confirmed !== latest() ? 'CHANGED' : on < '2026-09-01' ? 'DUE' : 'CONFIRMED';
    return {
      schoolId: me.schoolId, entry: latest()?.entry, state: `SCHOOL_PROFILE_STATE_${state}`, confirmedOn: on, confirmedBy: confirmed?.by ?? '',
      directorName: world.staff[0].name, shiftCount: 2, mayWrite: WRITERS.includes(me.role), etag: latest()?.etag ?? '',
      missing: Object.keys(FIELDS).filter((name) => !latest()?.entry[name]).map((name) => `SCHOOL_PROFILE_FIELD_${FIELDS[name]}`),
    };
  };
  const seen = ({ body }) => { if ((latest()?.etag ?? '') !== body.etag) throw refuse(412, 'ETAG_STALE', 'Данные изменены другим пользователем'); };
  const add = (me, entry, confirmed) => versions.push({ etag: `v${versions.length + 1}`, at: confirmed ? `${TODAY}T08:00:00Z` : new Date(NOW).toISOString(), by: 'Вы', confirmed, entry });
  return [
    ['GET', '/v1/schools/:school/profile', (c) => { ownSchool(c); return { profile: shown(c.me) }; }],
    ['PUT', '/v1/schools/:school/profile', (c) => {
      ownSchool(c); may(c, WRITERS); seen(c);
      if (c.body.entry.inn && c.body.entry.inn !== '9102000006') throw refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/entry/inn', rule: 'INN', message: 'Это не ИНН организации: 10 цифр, последняя — контрольная' }] });
      if (changesOf({ entry: c.body.entry }, latest()).length > 0) add(c.me, c.body.entry, false);
      return { profile: shown(c.me) };
    }],
    ['POST', '/v1/schools/:school/profile:confirm', (c) => { ownSchool(c); may(c, WRITERS); seen(c); add(c.me, latest().entry, true); return { profile: shown(c.me) }; }],
    ['GET', '/v1/schools/:school/profileVersions', (c) => {
      ownSchool(c); may(c, READERS);
      return { versions: versions.map((one, index) => ({ etag: one.etag, at: one.at, by: one.by, confirmed: one.confirmed, changes: changesOf(one, versions[index - 1]) })).toReversed() };
    }],
  ];
}
