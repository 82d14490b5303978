import { id, NOW, SCHOOL, TODAY } from './world.mjs';

/** Municipalities and what is kept above schools, as roster keeps them. */

const ENTRY = { REGISTRY_MEASURES: 'measure', REGISTRY_RESPONSIBLE_PERSONS: 'responsiblePerson', REGISTRY_LOCAL_ACTS: 'localAct', REGISTRY_TRAININGS: 'training' };
const GROUP = ['RESPONSIBILITY_KIND_GROUP_HEAD', 'RESPONSIBILITY_KIND_GROUP_MEMBER'];
const NAME = { surname: 'Примерова', givenName: 'Анна', patronymic: 'Ивановна' };
const MUNICIPALITY = { municipalityId: id('mun'), title: SCHOOL.municipality, schoolCount: 1, etag: 'v1' };

export function makeMunicipalities() {
  const all = [
    MUNICIPALITY,
    { municipalityId: id('mun'), title: 'Сакский район (вымышленный)', schoolCount: 2, etag: 'v1' },
    { municipalityId: id('mun'), title: 'Судак (вымышленный)', etag: 'v1' },
  ];
  const record = (entry, value, more = {}) => ({ recordId: id('reg'), etag: 'v1', inForce: !['measure', 'training'].includes(entry), [entry]: value, ...more });
  const person = (kind) => record('responsiblePerson', { kind, duties: 'Ведёт учёт школ', orderNumber: '17', orderDate: '2026-08-20', startsOn: '2026-08-20' }, { personName: NAME, post: 'Методист' });
  const act = (kind, title, link = '') => record('localAct', { kind, title, number: '5', datedOn: '2026-08-20', startsOn: '2026-08-20', link });
  const full = () => [
    person('RESPONSIBILITY_KIND_SYSTEM_USE'), person('RESPONSIBILITY_KIND_GROUP_HEAD'),
    act('LOCAL_ACT_KIND_WORKING_GROUP', 'Положение о рабочей группе (пример)'), act('LOCAL_ACT_KIND_HELP_SCHEDULE', 'График помощи (пример)'),
    record('measure', { kind: 'MEASURE_KIND_CONTROL', title: 'Мониторинг (пример)', dueOn: '2026-12-31' }),
    record('training', { kind: 'TRAINING_KIND_SEMINAR', title: 'Семинар (пример)', dueOn: '2026-06-30', doneOn: '2026-06-25', hours: 4, result: 'Присутствовали 20 методистов' }),
  ];
  const own = [
    person('RESPONSIBILITY_KIND_SYSTEM_USE'), act('LOCAL_ACT_KIND_HELP_SCHEDULE', 'График помощи школам (пример)'),
    record('measure', { kind: 'MEASURE_KIND_METHODICAL', title: 'Разработать единые подходы к оцениванию', dueOn: '2026-08-15' }, { overdue: true }),
    record('training', { kind: 'TRAINING_KIND_SEMINAR', title: 'Семинар методической службы (пример)', dueOn: '2026-12-15' }),
  ];
  const ministry = [act('LOCAL_ACT_KIND_ORDER', 'Приказ об итогах (пример)', 'https://ministry.example/order')];
  return { all, records: new Map([[all[0].municipalityId, own], [all[1].municipalityId, full()], [all[2].municipalityId, []], ['', ministry]]) };
}

/** What the session of a municipal officer says. */
export const municipal = { municipalityId: MUNICIPALITY.municipalityId, municipalityTitle: MUNICIPALITY.title };

/** Routes above schools; `refuse(status, code, detail, extra)` makes a refusal. */
export function municipalityRoutes({ world, refuse }) {
  const { all, records } = world.municipalities;
  const REGION = ['ROLE_ADMINISTRATOR', 'ROLE_MINISTRY_OFFICER'];
  const denied = () => refuse(403, 'PERMISSION_DENIED', 'Недостаточно прав');
  const missing = () => refuse(404, 'NOT_FOUND', 'Не найдено');
  const stale = () => refuse(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
  const invalid = (field, rule, message) => refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field, rule, message }] });
  const ofRegion = ({ me }) => !me.schoolId && REGION.includes(me.role);
  const seen = (c) => {
    if (ofRegion(c)) return all;
    if (c.me.role !== 'ROLE_MUNICIPAL_OFFICER') throw denied();
    return all.filter((one) => one.municipalityId === c.me.municipalityId);
  };
  /** Registries of a municipality, or of the ministry. */
  const keptBy = (c, municipalityId, writes) => {
    if (municipalityId) {
      if (!seen(c).some((one) => one.municipalityId === municipalityId)) throw missing();
      if (writes && c.me.role === 'ROLE_MINISTRY_OFFICER') throw missing();
    } else if (!ofRegion(c)) throw denied();
    return records.get(municipalityId);
  };
  const next = (etag) => `v${Number(etag.slice(1)) + 1}`;
  const rollout = (one) => {
    const kept = records.get(one.municipalityId);
    const kinds = (entry) => kept.filter((item) => item[entry] && item.inForce).map((item) => item[entry].kind);
    const [people, acts] = [kinds('responsiblePerson'), kinds('localAct')];
    const measures = kept.filter((item) => item.measure);
    const held = kept.filter((item) => item.training?.doneOn);
    const gaps = [
      ['RESPONSIBLE_PERSON', people.some((kind) => !GROUP.includes(kind))], ['WORKING_GROUP', people.some((kind) => GROUP.includes(kind))],
      ['WORKING_GROUP_REGULATION', acts.includes('LOCAL_ACT_KIND_WORKING_GROUP')], ['HELP_SCHEDULE', acts.includes('LOCAL_ACT_KIND_HELP_SCHEDULE')],
      ['LIST_OF_MEASURES', measures.length > 0], ['TRAINING', held.length > 0],
    ].filter(([, is]) => !is).map(([name]) => `MUNICIPAL_GAP_${name}`);
    const done = measures.filter((item) => item.measure.doneOn);
    return { municipalityId: one.municipalityId, title: one.title, schoolCount: one.schoolCount, measureCount: measures.length, doneCount: done.length, overdueCount: measures.filter((item) => item.overdue).length, responsibilities: people, localActs: acts, heldTrainingCount: held.length, gaps };
  };
  const byTitle = (rows) => rows.toSorted((a, b) => a.title.localeCompare(b.title, 'ru'));

  return [
    ['GET', '/v1/municipalities', (c) => ({ municipalities: byTitle(seen(c)) })],
    ['PUT', '/v1/municipalities/:municipality', (c) => {
      if (!ofRegion(c)) throw denied();
      let one = all.find((item) => item.municipalityId === c.params.municipality);
      if ((one?.etag ?? '') !== c.body.etag) throw stale();
      if (all.some((item) => item !== one && item.title.toLowerCase() === c.body.title.trim().toLowerCase())) throw refuse(422, 'MUNICIPALITY_EXISTS', 'Муниципалитет с таким названием уже есть');
      if (!one) {
        all.push((one = { municipalityId: c.params.municipality, etag: 'v0' }));
        records.set(one.municipalityId, []);
      }
      return { municipality: Object.assign(one, { title: c.body.title.trim(), etag: next(one.etag) }) };
    }],
    ['GET', '/v1/municipalityRollouts', (c) => ({ rollouts: byTitle(seen(c)).map(rollout) })],
    ['GET', '/v1/authorityRecords', (c) => {
      const kept = keptBy(c, c.query.get('municipalityId') ?? '', false);
      return { records: kept.filter((item) => item[ENTRY[c.query.get('registry')]]) };
    }],
    ['PUT', '/v1/authorityRecords/:record', (c) => {
      const kept = keptBy(c, c.body.municipalityId ?? '', true);
      const { personName, post, ...rest } = c.body.record;
      const [entry] = Object.keys(rest);
      if (entry === 'responsiblePerson' && !personName) throw invalid('/record/personName', 'REQUIRED', 'Напишите фамилию, имя и должность');
      if (personName && !post) throw invalid('/record/post', 'REQUIRED', 'Напишите должность');
      if (entry === 'localAct' && !c.body.municipalityId && !rest.localAct.link) throw invalid('/record/localAct/link', 'REQUIRED', 'Укажите ссылку на сайт министерства');
      let record = kept.find((item) => item.recordId === c.params.record);
      if ((record?.etag ?? '') !== c.body.etag) throw stale();
      if (!record) kept.push((record = { recordId: c.params.record, etag: 'v0' }));
      const value = rest[entry];
      const inForce = !['measure', 'training'].includes(entry) && value.startsOn <= TODAY && (!value.endsOn || value.endsOn >= TODAY);
      return { record: Object.assign(record, { [entry]: value, personName, post, inForce, overdue: !!value.dueOn && !value.doneOn && value.dueOn < TODAY, etag: next(record.etag) }) };
    }],
    ['DELETE', '/v1/authorityRecords/:record', (c) => {
      const kept = keptBy(c, c.query.get('municipalityId') ?? '', true);
      const at = kept.findIndex((item) => item.recordId === c.params.record);
      if (at < 0) throw missing();
      kept.splice(at, 1);
      return {};
    }],
    ['POST', '/v1/authorityRecords:addModelMeasures', (c) => {
      const kept = keptBy(c, c.body.municipalityId, true);
      const title = 'Утвердить перечень мероприятий для ведения журналов в электронном виде';
      if (kept.some((item) => item.measure?.title === title)) return { addedCount: 0 };
      kept.push({ recordId: id('reg'), etag: 'v1', overdue: true, measure: { kind: 'MEASURE_KIND_ORGANISATION', title, dueOn: new Date(NOW).toISOString().slice(0, 4) + '-08-31' } });
      return { addedCount: 1 };
    }],
    ['GET', '/v1/ministryActs', () => ({ records: records.get('').filter((item) => item.localAct && item.inForce) })],
  ];
}
