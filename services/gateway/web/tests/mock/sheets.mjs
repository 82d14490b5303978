import { id, NOW, TODAY } from './world.mjs';

/** Control sheets of the monitoring, as the reporting service keeps them. */

const counted = (number, title, have, needed, found = '') => ({ number, title, source: 'LINE_SOURCE_COUNTED', have, needed, percent: needed ? Math.floor((have * 100) / needed) : 100, found });
const stated = (number, title, found = '') => ({ number, title, source: 'LINE_SOURCE_STATED', found });
const present = (number, title, is, found = '') => ({ number, title, source: 'LINE_SOURCE_COUNTED', have: is ? 1 : 0, needed: 1, presence: is ? 'PRESENCE_YES' : 'PRESENCE_NO', found });

const DATABASES = [
  counted('1', 'Техническое оснащение ОО (количество ТС/количество педагогов, 100%)', 41, 49, 'компьютеров и ноутбуков 41, педагогов 49'),
  counted('2.1', 'Введены основные данные в ЭлЖур, заполнения баз данных: список сотрудников', 49, 49),
  counted('2.2', 'учителей, классных руководителей', 27, 28, 'без классного руководителя: 2-В'),
  counted('2.3', 'обучающихся', 812, 812),
  counted('2.4', 'родителей', 790, 812, 'без родителей: 22 обучающихся'),
  counted('3.1', 'Календарь учебного года; разделен на четверти и полугодия', 2, 2),
  counted('3.2', 'Учтены праздничные и выходные дни', 1, 1),
  counted('4', 'Нагрузка учителей: создана учебная нагрузка', 49, 49),
  counted('5', 'Все ученики загружены в классы, внесены личные данные, отредактированы ошибки', 805, 812, 'без даты рождения: 7'),
  counted('6', 'Созданы классы, все настройки классов учтены', 29, 29),
  counted('7', 'Классы разделены на группы, каждой группе назначены учителя', 96, 96),
  stated('8', 'Работа с книгой приказов (отчисление, зачисление, перевод из класса в класс)'),
  counted('9', 'Расписание: учительское и по классам', 29, 29),
  counted('10', 'Проводится копирование и изменение расписания, создается двухнедельное расписание', 3, 3, 'замен и отмен за месяц: 3'),
  counted('11', 'Расписание надомного и семейного обучения', 0, 0),
  stated('12', 'Работа с детьми на надомном обучении (при необходимости)'),
  counted('13', 'Расписание звонков', 6, 6),
  counted('14.1', 'Получили пригласительные коды и зарегистрировались в системе: сотрудники', 38, 49),
  counted('14.2', 'обучающиеся', 301, 812),
  counted('14.3', 'родители', 402, 1204),
  counted('15', 'Организован доступ сотрудников к компьютерам (описать где педагоги осуществляют заполнение ЭлЖур)', 1, 1, 'кабинет информатики, учительская'),
  counted('16', 'Внесение КТП', 180, 186),
  counted('17', 'Уровень ИКТ-компетентности педагогов', 30, 49),
  counted('18', 'Организация обучения сотрудников по использованию ЭлЖур', 40, 49),
  stated('19', 'Есть ли необходимость в повышении квалификации сотрудников в области использования электронного журнала'),
];
const DOCUMENTS = [
  stated('1', 'Актуализация сведений об общеобразовательном учреждении в личном кабинете электронного классного журнала'),
  present('2', 'Локальный акт общеобразовательного учреждения, регулирующий подходы к оценке результатов освоения программ обучающихся, в том числе с использованием электронного журнала', true, 'https://school.example/ocenka.pdf'),
  stated('3', 'Информирование родителей (законных представителей) обучающихся о принципах и способах оценивания в электронном журнале'),
  present('3.1', 'сроки внесения учителем отметок обучающихся в электронный журнал', true, 'до 15:20 дня урока'),
  present('3.2', 'сроки внесения домашних заданий в электронный журнал', true, 'до 15:20 дня урока'),
  present('4', 'Выполнение функциональных обязанностей работников общеобразовательного учреждения, которые связаны с ведением электронного журнала', false),
  present('4.1', 'в чьи обязанности входит ответственность по ведению «Листка здоровья» в электронном журнале', false),
  present('4.2', 'в чьи обязанности входит ответственность по ведению «Посещаемости» в электронном журнале', true, 'заместитель директора'),
  stated('5', 'Аналитические справки по ведению электронного журнала в рамках внутришкольного контроля'),
];
const formOf = (kind) => structuredClone(kind === 'CONTROL_SHEET_KIND_DOCUMENTS' ? DOCUMENTS : DATABASES);

export function makeSheets(schools) {
  const mon = (kind, title, asOf, dueOn) => ({ monitoringId: id('mon'), kind: `CONTROL_SHEET_KIND_${kind}`, title, asOf, dueOn, etag: 'v1' });
  const monitorings = [
    mon('DATABASES', 'Заполнение баз данных, ноябрь', '2026-11-15', '2026-11-25'),
    mon('DOCUMENTS', 'Ведение электронного журнала', '2026-11-10', '2026-11-20'),
    mon('DATABASES', 'Заполнение баз данных, октябрь', '2026-10-01', '2026-10-04'),
    mon('DOCUMENTS', 'Документы к началу года', '2026-09-01', '2026-09-10'),
  ];
  const sheets = new Map();
  const put = (school, monitoring, saved) => sheets.set(`${school.schoolId}|${monitoring.monitoringId}`, { statements: [], problems: '', state: 'CONTROL_SHEET_STATE_DRAFT', sentAt: '', late: false, remark: '', etag: 'v1', ...saved });
  const say = (percent) => ['8', '12', '19'].map((number) => ({ number, percent }));
  const sent = (sentAt, late, statements, problems = '') => ({ state: 'CONTROL_SHEET_STATE_SENT', sentAt, late, statements, problems });
  const documents = ['1', '3', '5'].map((number) => ({ number, presence: 'PRESENCE_YES', note: 'на сайте школы' }));
  put(schools[0], monitorings[1], { state: 'CONTROL_SHEET_STATE_RETURNED', remark: 'Укажите ссылку на аналитическую справку за I четверть', statements: documents, etag: 'v3' });
  put(schools[0], monitorings[2], sent('2026-10-05T08:00:00Z', true, [...say(90), { number: '2.4', dueOn: '2026-10-20', note: 'Собираем заявления родителей' }], 'Не хватает компьютеров в начальной школе'));
  put(schools[1], monitorings[0], sent('2026-11-16T09:30:00Z', false, say(100)));
  put(schools[1], monitorings[2], sent('2026-10-02T09:30:00Z', false, say(100)));
  return { monitorings, sheets };
}

/** Routes of the sheets; `refuse(status, code, detail, extra)` makes a refusal. */
export function sheetRoutes({ world, refuse }) {
  const KEEPERS = ['ROLE_ADMINISTRATOR', 'ROLE_DEPUTY', 'ROLE_DIRECTOR'];
  const REGION = ['ROLE_ADMINISTRATOR', 'ROLE_MINISTRY_OFFICER'];
  const denied = () => refuse(403, 'PERMISSION_DENIED', 'Недостаточно прав');
  const missing = () => refuse(404, 'NOT_FOUND', 'Не найдено');
  const stale = () => refuse(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
  const { monitorings, sheets } = world.control;
  const schools = world.rollouts;

  const ofSchool = ({ me }) => me.schoolId && KEEPERS.includes(me.role);
  const ofRegion = ({ me }) => !me.schoolId && REGION.includes(me.role);
  const region = (c) => { if (!ofRegion(c)) throw denied(); };
  /** Schools whose sheets the session reads: all, those of a municipality, the own one. */
  const readBy = (c) => schools.filter((one) => ofRegion(c) || (c.me.municipalityId ? one.municipality === c.me.municipalityTitle : one.schoolId === c.me.schoolId));
  const school = (c) => {
    if (!ofSchool(c) && !ofRegion(c) && !c.me.municipalityId) throw denied();
    const found = readBy(c).find((one) => one.schoolId === c.params.school);
    if (!found) throw missing();
    return found;
  };
  const monitoringOf = (c) => {
    const found = monitorings.find((one) => one.monitoringId === c.params.monitoring);
    if (!found) throw missing();
    return found;
  };
  const savedOf = (schoolId, monitoringId) => sheets.get(`${schoolId}|${monitoringId}`);
  const isSent = (saved) => saved?.state === 'CONTROL_SHEET_STATE_SENT';
  const next = (etag) => `v${Number(etag.slice(1) || 0) + 1}`;

  /** The monitoring with its counts for whoever asks. */
  const seen = (one, c) => {
    const asked = readBy(c);
    const sent = asked.map((item) => savedOf(item.schoolId, one.monitoringId)).filter(isSent);
    const ownState = !c.me.schoolId ? undefined : (savedOf(c.me.schoolId, one.monitoringId)?.state ?? 'CONTROL_SHEET_STATE_DRAFT');
    return { ...one, ownState, schoolCount: c.me.schoolId ? 0 : asked.length, sentCount: sent.length, lateCount: sent.filter((item) => item.late).length };
  };
  const responsibleOf = () => {
    const record = world.records.find((one) => one.inForce && one.responsiblePerson?.kind === 'RESPONSIBILITY_KIND_ADMINISTRATOR');
    const person = world.staff.find((one) => one.personId === record?.responsiblePerson.personId);
    return person && { personId: person.personId, name: person.name, post: person.post, phone: person.phone, email: person.email };
  };
  function linesOf(kind, saved) {
    const documents = kind === 'CONTROL_SHEET_KIND_DOCUMENTS';
    return formOf(kind).map((line) => {
      const statement = saved?.statements.find((one) => one.number === line.number);
      if (!statement) return line;
      const own = statement.presence && statement.presence !== 'PRESENCE_UNSPECIFIED' ? statement.presence : line.presence;
      return { ...line, statement, ...(documents ? { presence: own } : line.source === 'LINE_SOURCE_STATED' && { percent: statement.percent ?? 0 }) };
    });
  }
  function sheetOf(owner, monitoring, c) {
    const saved = savedOf(owner.schoolId, monitoring.monitoringId);
    const sent = isSent(saved);
    return {
      monitoring: seen(monitoring, c), schoolId: owner.schoolId, schoolTitle: owner.schoolTitle, state: saved?.state ?? 'CONTROL_SHEET_STATE_DRAFT', lines: linesOf(monitoring.kind, saved),
      problems: saved?.problems, responsible: responsibleOf(), ...(sent && { head: { personId: world.deputy.personId, name: world.deputy.name, post: 'директор' } }),
      countedOn: sent ? saved.sentAt.slice(0, 10) : TODAY, sentAt: saved?.sentAt, late: saved?.late, remark: saved?.remark, etag: saved?.etag,
    };
  }
  function summaryOf(owner, monitoring) {
    const saved = savedOf(owner.schoolId, monitoring.monitoringId);
    const sent = isSent(saved);
    const percents = linesOf(monitoring.kind, saved).map((line) => (monitoring.kind === 'CONTROL_SHEET_KIND_DOCUMENTS' ? (line.presence === 'PRESENCE_YES' ? 100 : 0) : (line.percent ?? 0)));
    return {
      schoolId: owner.schoolId, schoolTitle: owner.schoolTitle, municipality: owner.municipality, state: saved?.state ?? 'CONTROL_SHEET_STATE_DRAFT', sentAt: saved?.sentAt,
      late: sent ? saved.late : monitoring.dueOn < TODAY, lineCount: sent ? percents.length : 0, fullCount: sent ? percents.filter((one) => one === 100).length : 0,
      percent: sent ? Math.floor(percents.reduce((sum, one) => sum + one, 0) / percents.length) : 0,
    };
  }

  /** What the director has to complete; the gateway writes `lines[2.1]` as a pointer. */
  function lacking(kind, lines) {
    const errors = [];
    for (const { number, source, percent = 0, needed, presence, statement, found } of lines) {
      const wrong = (rule, message) => errors.push({ field: `/lines/${number.replaceAll('.', '/')}`, rule, message });
      if (kind === 'CONTROL_SHEET_KIND_DOCUMENTS') {
        if (source === 'LINE_SOURCE_STATED' && !statement?.presence) wrong('STATEMENT_REQUIRED', 'Отметьте, есть ли документ');
        else if (presence === 'PRESENCE_YES' && !found && !statement?.note) wrong('NOTE_REQUIRED', 'Напишите примечание: ссылка или реквизиты');
        continue;
      }
      if (source === 'LINE_SOURCE_STATED' && !statement) wrong('STATEMENT_REQUIRED', 'Укажите процент охвата');
      else if (percent < 100 && needed !== 0 && !statement?.dueOn) wrong('TERM_REQUIRED', 'Укажите срок 100 % выполнения');
      else if (percent < 100 && statement?.dueOn && statement.dueOn < TODAY) wrong('TERM_PAST', 'Срок уже прошёл');
    }
    return errors;
  }

  return [
    ['GET', '/v1/schools/:school/completeness', (c) => {
      school(c);
      return { databases: formOf('CONTROL_SHEET_KIND_DATABASES'), documents: formOf('CONTROL_SHEET_KIND_DOCUMENTS'), responsible: responsibleOf(), countedOn: TODAY, asOf: new Date(NOW - 90_000).toISOString() };
    }],
    ['GET', '/v1/monitorings', (c) => {
      if (!KEEPERS.includes(c.me.role) && !ofRegion(c) && !c.me.municipalityId) throw denied();
      return { monitorings: [...monitorings].sort((a, b) => b.dueOn.localeCompare(a.dueOn)).map((one) => seen(one, c)) };
    }],
    ['PUT', '/v1/monitorings/:monitoring', (c) => {
      region(c);
      const { monitoring, etag = '' } = c.body;
      const known = monitorings.find((one) => one.monitoringId === c.params.monitoring);
      if ((known?.etag ?? '') !== etag) throw stale();
      if (known && known.kind !== monitoring.kind) throw refuse(422, 'SHEET_KIND_DIFFERS', 'Вид листа у объявленного мониторинга не меняется');
      if (monitoring.dueOn < monitoring.asOf) throw refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/monitoring/dueOn', rule: 'DUE_BEFORE_AS_OF', message: 'Последний день раньше дня сведений' }] });
      if (known) Object.assign(known, monitoring, { etag: next(known.etag) });
      else monitorings.push({ monitoringId: c.params.monitoring, ...monitoring, etag: 'v1' });
      return { monitoring: seen(monitorings.find((one) => one.monitoringId === c.params.monitoring), c) };
    }],
    ['GET', '/v1/monitorings/:monitoring/controlSheets', (c) => {
      if (!ofRegion(c) && !c.me.municipalityId) throw denied();
      const monitoring = monitoringOf(c);
      const municipality = c.query.get('municipality');
      const asked = readBy(c).filter((one) => !municipality || one.municipality === municipality).map((one) => summaryOf(one, monitoring));
      return { monitoring: seen(monitoring, c), controlSheets: asked.filter((one) => c.query.get('onlyMissing') !== 'true' || one.state !== 'CONTROL_SHEET_STATE_SENT') };
    }],
    ['GET', '/v1/schools/:school/controlSheets/:monitoring', (c) => ({ controlSheet: sheetOf(school(c), monitoringOf(c), c) })],
    ['PUT', '/v1/schools/:school/controlSheets/:monitoring', (c) => {
      if (!ofSchool(c)) throw denied();
      const [owner, monitoring] = [school(c), monitoringOf(c)];
      const saved = savedOf(owner.schoolId, monitoring.monitoringId);
      if ((saved?.etag ?? '') !== (c.body.etag ?? '')) throw stale();
      if (isSent(saved)) throw refuse(422, 'SHEET_SENT', 'Лист уже отправлен');
      const { statements = [], problems = '' } = c.body;
      const known = new Set(formOf(monitoring.kind).map((one) => one.number));
      const unknown = statements.findIndex((one) => !known.has(one.number));
      if (unknown >= 0) throw refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: `/statements/${unknown}/number`, rule: 'LINE_UNKNOWN', message: 'В листе нет такой строки' }] });
      sheets.set(`${owner.schoolId}|${monitoring.monitoringId}`, { state: 'CONTROL_SHEET_STATE_DRAFT', sentAt: '', late: false, remark: '', ...saved, statements, problems, etag: next(saved?.etag ?? '') });
      return { controlSheet: sheetOf(owner, monitoring, c) };
    }],
    ['POST', '/v1/schools/:school/controlSheets/:monitoring:send', (c) => {
      if (!ofSchool(c) || c.me.role !== 'ROLE_DIRECTOR') throw denied();
      const [owner, monitoring] = [school(c), monitoringOf(c)];
      const saved = savedOf(owner.schoolId, monitoring.monitoringId);
      if ((saved?.etag ?? '') !== (c.body.etag ?? '')) throw stale();
      if (isSent(saved)) throw refuse(422, 'SHEET_SENT', 'Лист уже отправлен');
      if (!responsibleOf()) throw refuse(422, 'RESPONSIBLE_MISSING', 'В реестре не назван администратор электронного журнала');
      const errors = lacking(monitoring.kind, linesOf(monitoring.kind, saved));
      if (errors.length > 0) throw refuse(422, 'SHEET_INCOMPLETE', 'Лист заполнен не весь', { errors });
      Object.assign(saved, { state: 'CONTROL_SHEET_STATE_SENT', sentAt: new Date(NOW).toISOString(), late: monitoring.dueOn < TODAY, remark: '', etag: next(saved.etag) });
      return { controlSheet: sheetOf(owner, monitoring, c) };
    }],
    ['POST', '/v1/schools/:school/controlSheets/:monitoring:return', (c) => {
      region(c);
      const [owner, monitoring] = [school(c), monitoringOf(c)];
      const saved = savedOf(owner.schoolId, monitoring.monitoringId);
      if (!c.body.remark) throw refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/remark', rule: 'REQUIRED', message: 'Напишите, что исправить' }] });
      if (saved?.etag !== c.body.etag) throw stale();
      if (!isSent(saved)) throw refuse(422, 'SHEET_NOT_SENT', 'Лист не отправлен');
      Object.assign(saved, { state: 'CONTROL_SHEET_STATE_RETURNED', remark: c.body.remark, etag: next(saved.etag) });
      return { controlSheet: sheetOf(owner, monitoring, c) };
    }],
  ];
}
