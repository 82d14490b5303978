const WRITERS = ['ROLE_ADMINISTRATOR', 'ROLE_DIRECTOR'];
const READERS = [...WRITERS, 'ROLE_DEPUTY', 'ROLE_SECRETARY'];
const KIND = (name) => `JOURNAL_MODE_KIND_${name}`;
const FAR = '9999-12-31';

/** The school has left the pilot; nobody differs yet. */
export function makeModes(id) {
  const of = (kind, startsOn, more = {}) => ({ modeId: id('jmd'), kind: KIND(kind), startsOn, changedAt: '2026-08-20T08:00:00Z', changedBy: 'Петренко А. В.', etag: 'v1', ...more });
  const list = [of('PREPARATION', '2026-06-01'), of('PAPERLESS', '2026-09-01', { localActId: 'reg_1', localActTitle: 'Положение об электронном журнале № 12', contractTitle: 'Договор № 7' })];
  const stand = () => list.filter((one) => !one.withdrawn);
  return {
    list,
    stand,
    paperDays: (pupilId) => stand().filter((one) => one.pupilId === pupilId).map((one) => ({ startsOn: one.startsOn, endsOn: one.endsOn || FAR })),
  };
}

/** Routes of the modes; `refuse(status, code, detail, extra)` makes a refusal. */
export function modeRoutes({ world, ownSchool, refuse }) {
  const { list, stand } = world.modes;
  const TODAY = '2026-11-18';
  const may = ({ me }, roles) => { if (!roles.includes(me.role)) throw refuse(403, 'PERMISSION_DENIED', 'Недостаточно прав'); };
  const ofSchool = (one) => !one.classId && !one.pupilId;
  const stages = () => stand().filter(ofSchool).toSorted((a, b) => a.startsOn.localeCompare(b.startsOn));
  const present = () => stages().findLast((one) => one.startsOn <= TODAY);
  const shown = (one) => ({
    ...one,
    classTitle: world.classes.find((item) => item.classId === one.classId)?.title,
    pupilName: world.pupils.find((item) => item.pupilId === one.pupilId)?.name,
    inForce: ofSchool(one) ? one === present() : !one.withdrawn && one.startsOn <= TODAY && (one.endsOn || FAR) >= TODAY,
  });
  const field = (name, message) => refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: `/mode/${name}`, rule: 'REQUIRED', message }] });
  const titleOf = (recordId) => world.records.find((one) => one.recordId === recordId)?.localAct?.title;
  const seen = (old, etag) => { if ((old?.etag ?? '') !== etag) throw refuse(412, 'ETAG_STALE', 'Данные изменены другим пользователем'); };
  return [
    ['GET', '/v1/schools/:school/journalStage', (c) => {
      ownSchool(c);
      const next = stages().find((one) => one.startsOn > TODAY);
      return { kind: present()?.kind, startsOn: present()?.startsOn, nextKind: next?.kind, nextStartsOn: next?.startsOn };
    }],
    ['GET', '/v1/schools/:school/journalModes', (c) => {
      ownSchool(c); may(c, READERS);
      return { modes: list.toSorted((a, b) => b.startsOn.localeCompare(a.startsOn)).map(shown), mayWrite: WRITERS.includes(c.me.role) };
    }],
    ['PUT', '/v1/schools/:school/journalModes/:mode', (c) => {
      ownSchool(c); may(c, WRITERS);
      const old = list.find((one) => one.modeId === c.params.mode);
      seen(old, c.body.etag);
      const wanted = c.body.mode;
      if (wanted.pupilId && !wanted.orderNumber) throw field('orderNumber', 'Укажите номер приказа об индивидуальном обучении');
      if (wanted.kind === KIND('PAPERLESS') && !wanted.localActId) throw refuse(409, 'LOCAL_ACT_NEEDED', 'Назовите положение, регламент или приказ, который в этот день действует');
      const twice = stand().some((one) => one !== old && (one.classId ?? '') === wanted.classId && (one.pupilId ?? '') === wanted.pupilId && (ofSchool(one) ? one.startsOn === wanted.startsOn : (one.endsOn || FAR) >= wanted.startsOn));
      if (twice) throw refuse(409, 'MODE_EXISTS', 'На эти дни уже записано другое решение: отмените его или укажите его последний день');
      const kept = { ...wanted, modeId: c.params.mode, localActTitle: titleOf(wanted.localActId), contractTitle: titleOf(wanted.contractId), changedAt: '2026-11-18T08:00:00Z', changedBy: 'Вы', etag: old ? `v${Number(old.etag.slice(1)) + 1}` : 'v1' };
      if (old) Object.assign(old, kept);
      else list.push(kept);
      return { mode: shown(old ?? kept) };
    }],
    ['POST', '/v1/schools/:school/journalModes/:mode:withdraw', (c) => {
      ownSchool(c); may(c, WRITERS);
      const old = list.find((one) => one.modeId === c.params.mode);
      if (!old) throw refuse(404, 'NOT_FOUND', 'Не найдено');
      seen(old, c.body.etag);
      Object.assign(old, { withdrawn: true, withdrawnReason: c.body.reason, etag: `v${Number(old.etag.slice(1)) + 1}` });
      return { mode: shown(old) };
    }],
  ];
}
