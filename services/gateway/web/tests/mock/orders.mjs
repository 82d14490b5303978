import { personName } from './names.mjs';

const PREFIXES = { ORDER_KIND_ADMISSION: 'З-', ORDER_KIND_TRANSFER: 'П-', ORDER_KIND_EXPULSION: 'О-', ORDER_KIND_DEPARTURE: 'В-', ORDER_KIND_REVERSAL: 'ОТМ-' };

/** The book of orders of the invented school: an import, a transfer, an expulsion, a draft, an arrival. */
export function makeBook({ id, addDays, school, classes, pupils }) {
  const other = { schoolId: id('sch'), title: 'Примерная школа № 7', municipality: 'Примерный район' };
  const b = classes.find((one) => one.title === '5-Б');
  const a = classes.find((one) => one.title === '5-А');
  const formerPupils = [1, 2].map((n) => ({ pupilId: id('per'), schoolId: school.schoolId, name: personName(40 + n, 0), birthDate: '2015-03-0' + n }));
  const arrivals = [{ pupilId: id('per'), name: personName(47, 1), sex: 'SEX_FEMALE', birthDate: '2015-06-01', fromSchoolId: other.schoolId, fromSchoolTitle: other.title, fromClassTitle: '5-В', fromGrade: 5, lastDay: '2026-11-17' }];
  const groups = classes.flatMap((one) => [
    { groupId: id('grp'), title: one.title, kind: 'GROUP_KIND_CLASS', classId: one.classId },
    ...[1, 2].map((half) => ({ groupId: id('grp'), title: `${one.title} Английский язык гр.${half}`, kind: 'GROUP_KIND_SUBGROUP', classId: one.classId })),
  ]);
  const card = (pupil) => ({ pupilId: pupil.pupilId, name: pupil.name });
  const classOf = (classId) => classes.find((one) => one.classId === classId);

  function orderEffect(order, one) {
    const now = pupils.find((item) => item.pupilId === one.pupilId);
    const enters = classOf(one.classId);
    return {
      ...(now && order.kind !== 'ORDER_KIND_ADMISSION' && { leftClassTitle: now.classTitle, leftGroupCount: 2, lastDay: addDays(order.effectiveOn, -1) }),
      ...(enters && { enteredClassTitle: enters.title, enteredGroupCount: 1 + (one.groupIds?.length ?? 0), firstDay: order.effectiveOn }),
      cardAdded: !one.pupilId,
    };
  }

  /** A pupil of a request as answers show one. */
  function orderPupil(one) {
    const known = [...pupils, ...formerPupils, ...arrivals].find((item) => item.pupilId === one.pupilId);
    const to = one.toSchoolId === other.schoolId ? { toSchoolTitle: other.title } : {};
    return { ...one, name: known?.name ?? one.newPupil?.name, classTitle: classOf(one.classId)?.title, ...to };
  }

  const posted = (order) => ({ state: 'ORDER_STATE_POSTED', postedAt: `${order.date}T08:00:00Z`, etag: 'v2', ...order, pupils: order.pupils.map((one) => ({ ...one, effect: one.effect ?? orderEffect(order, one) })) });
  const orders = [
    posted({ orderId: id('ord'), number: 'П-1', kind: 'ORDER_KIND_TRANSFER', date: '2026-10-01', effectiveOn: '2026-10-05', basis: 'Заявление родителей', pupils: [orderPupil({ ...card(pupils[3]), classId: b.classId, groupIds: [] })] }),
    posted({ orderId: id('ord'), number: 'О-1', kind: 'ORDER_KIND_EXPULSION', date: '2026-10-12', effectiveOn: '2026-10-13', basis: 'Заявление родителей', pupils: [{ ...card(formerPupils[0]), reason: 'Переезд в другой регион', destination: 'город Примерск', effect: { leftClassTitle: '5-А', leftGroupCount: 2, lastDay: '2026-10-12' } }] }),
    { orderId: id('ord'), number: 'П-2', kind: 'ORDER_KIND_TRANSFER', state: 'ORDER_STATE_DRAFT', date: '2026-11-17', effectiveOn: '2026-11-23', basis: 'Решение педагогического совета', etag: 'v1', pupils: [orderPupil({ ...card(pupils[5]), classId: b.classId, groupIds: [] })] },
    { orderId: id('ord'), number: 'З-1', kind: 'ORDER_KIND_ADMISSION', state: 'ORDER_STATE_POSTED', ofImport: true, date: '2026-08-25', effectiveOn: '2026-09-01', basis: 'Загрузка школы из книги', etag: 'v1', pupils: pupils.slice(0, 6).map((one) => ({ ...card(one), classId: a.classId, classTitle: a.title })) },
  ];
  const nextOrderNumber = (kind) => {
    const taken = orders.map((one) => one.number).filter((number) => number.startsWith(PREFIXES[kind])).map((number) => Number(number.slice(PREFIXES[kind].length)) || 0);
    return `${PREFIXES[kind]}${Math.max(0, ...taken) + 1}`;
  };
  return { orders, formerPupils, arrivals, groups, transferSchools: [other], orderEffect, orderPupil, nextOrderNumber };
}
