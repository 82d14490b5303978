/** The rollover of the invented school: a plan that is drafted, saved, applied and undone. */
export function makeRollover({ id, school, classes, pupils }) {
  const next = (grade, letter, classTeacherId = '') => ({ classId: id('cls'), grade, letter, shift: 1, classTeacherId });
  const leaves = (grade) => grade === 9 || grade === 11;
  const nextClasses = [];
  const passages = [];
  for (const one of classes) {
    if (one.grade === 1 || one.grade === 10) nextClasses.push(next(one.grade, one.letter));
    const to = leaves(one.grade) ? undefined : next(one.grade + 1, one.letter, one.classTeacherId);
    if (to) nextClasses.push(to);
    passages.push({ classId: one.classId, nextClassId: to?.classId ?? '' });
  }
  nextClasses.sort((a, b) => a.grade - b.grade || a.letter.localeCompare(b.letter, 'ru'));
  const groups = [{ groupId: id('grp'), title: 'Шахматы', kind: 'GROUP_KIND_CLUB', memberCount: 14, carry: 'GROUP_CARRY_EMPTY' }];
  const plan = { nextClasses, classes: passages, pupils: [], groups: groups.map(({ groupId, carry }) => ({ groupId, carry })), graduatesUntil: '2027-08-31' };
  const rollover = { etag: '', state: 'ROLLOVER_STATE_DRAFT', plan, numbers: {} };
  const classOf = (classId) => classes.find((one) => one.classId === classId);
  const titleOf = (one) => `${one.grade}-${one.letter}`;
  const sizeOf = (classId) => pupils.filter((one) => one.classId === classId).length;

  function nextOf(pupil) {
    const alone = rollover.plan.pupils.find((one) => one.pupilId === pupil.pupilId);
    const nextClassId = alone ? alone.nextClassId : rollover.plan.classes.find((one) => one.classId === pupil.classId)?.nextClassId;
    return rollover.plan.nextClasses.find((one) => one.classId === nextClassId);
  }

  rollover.obstacles = () => pupils.flatMap((pupil) => {
    const { grade, title } = classOf(pupil.classId);
    const to = nextOf(pupil);
    if (!to && !leaves(grade)) return [{ rule: 'PUPIL_WITHOUT_CLASS', about: title, pupilName: pupil.name, message: 'Не выбран класс нового учебного года' }];
    return to && to.grade !== grade && to.grade !== grade + 1 ? [{ rule: 'PUPIL_GRADE', about: title, pupilName: pupil.name, message: 'Ученик переходит в следующую параллель или остаётся в своей' }] : [];
  });

  rollover.show = () => {
    const going = pupils.map((pupil) => ({ pupil, to: nextOf(pupil), grade: classOf(pupil.classId).grade }));
    const staying = going.filter((one) => one.to?.grade === one.grade);
    const drafted = rollover.state === 'ROLLOVER_STATE_DRAFT';
    const { plan: now } = rollover;
    return {
      schoolId: school.schoolId, academicYear: '2026/2027', nextAcademicYear: '2027/2028', state: rollover.state, etag: rollover.etag, firstDay: '2027-09-01', ...rollover.numbers,
      plan: {
        ...now,
        nextClasses: now.nextClasses.map((one) => ({ ...one, title: titleOf(one), pupilCount: going.filter(({ to }) => to?.classId === one.classId).length, stayingCount: staying.filter(({ to }) => to.classId === one.classId).length })),
        classes: now.classes.map((one) => ({ ...one, title: classOf(one.classId).title, grade: classOf(one.classId).grade, pupilCount: sizeOf(one.classId) })),
        pupils: now.pupils.map((one) => { const known = pupils.find((item) => item.pupilId === one.pupilId); return { ...one, name: known?.name, classTitle: known?.classTitle }; }),
        groups: now.groups.map((one) => { const known = groups.find((item) => item.groupId === one.groupId); return { ...known, ...one, nextTitle: one.carry === 'GROUP_CARRY_NOT' ? '' : known.title }; }),
      },
      diff: { promoted: going.filter((one) => one.to).length - staying.length, staying: staying.length, graduating: going.filter((one) => !one.to).length, classesMade: now.nextClasses.length, groupsMade: now.nextClasses.length + 1, membershipsOpened: going.filter((one) => one.to).length, membershipsEnded: going.length },
      obstacles: drafted ? rollover.obstacles() : [],
    };
  };

  const bump = () => { rollover.etag = `v${Number(rollover.etag.slice(1) || 0) + 1}`; };
  const seen = (body, Refusal) => { if ((body.etag ?? '') !== rollover.etag) throw new Refusal(412, 'ETAG_STALE', 'Данные изменены другим пользователем'); };

  rollover.put = (body, Refusal) => {
    if (rollover.state !== 'ROLLOVER_STATE_DRAFT') throw new Refusal(409, 'ROLLOVER_APPLIED', 'Переход на новый год уже проведён: его можно только отменить');
    seen(body, Refusal);
    const titles = body.plan.nextClasses.map(titleOf);
    if (new Set(titles).size < titles.length) throw new Refusal(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/plan/nextClasses/0/letter', rule: 'CLASS_TWICE', message: 'Такой класс в плане уже есть: измените литеру' }] });
    rollover.plan = body.plan;
    bump();
    return rollover.show();
  };
  rollover.apply = (body, Refusal, world) => {
    seen(body, Refusal);
    const [first] = rollover.obstacles();
    if (first) throw new Refusal(409, first.rule, first.message);
    const promotion = { orderId: id('ord'), number: body.promotionNumber || 'П-9', kind: 'ORDER_KIND_PROMOTION', state: 'ORDER_STATE_POSTED', date: body.date, effectiveOn: '2027-09-01', basis: body.basis, etag: 'v1', pupils: pupils.map((one) => ({ pupilId: one.pupilId, name: one.name, classTitle: titleOf(nextOf(one)), effect: { leftClassTitle: one.classTitle, leftGroupCount: 1, lastDay: '2027-08-31', enteredClassTitle: titleOf(nextOf(one)), enteredGroupCount: 1, firstDay: '2027-09-01' } })) };
    world.orders.push(promotion);
    Object.assign(rollover, { state: 'ROLLOVER_STATE_APPLIED', numbers: { promotionOrderId: promotion.orderId, promotionNumber: promotion.number } });
    bump();
    return rollover.show();
  };
  rollover.undo = (body, Refusal) => {
    seen(body, Refusal);
    Object.assign(rollover, { state: 'ROLLOVER_STATE_DRAFT', numbers: {} });
    bump();
    return rollover.show();
  };
  return rollover;
}
