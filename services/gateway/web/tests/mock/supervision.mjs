const TODAY = '2026-11-18';

/** Two deputies share the grades; the director decides where nobody is in charge. */
export function makeSupervision(world) {
  const able = [world.deputy, world.staff[0]];
  return { able, version: 3, list: [{ personId: world.deputy.personId, gradeFrom: 5, gradeTo: 9, startsOn: '2026-09-01' }] };
}

/** Routes of who decides on corrections. */
export function supervisionRoutes({ world, ownSchool, refuse }) {
  const kept = makeSupervision(world);
  const person = (id) => kept.able.find((one) => one.personId === id);
  const show = () => {
    const grades = [...new Set(world.classes.map((one) => one.grade))].sort((a, b) => a - b);
    return {
      supervision: {
        supervisors: kept.list.map((one) => ({ ...one, name: person(one.personId).name, post: 'Заместитель директора' })),
        candidates: kept.able.map(({ personId, name }) => ({ personId, name, post: 'Администрация' })),
        directorGrades: grades.filter((grade) => !kept.list.some((one) => one.gradeFrom <= grade && grade <= one.gradeTo)),
        etag: `v${kept.version}`,
      },
    };
  };
  return [
    ['GET', '/v1/schools/:school/supervision', (c) => { ownSchool(c); return show(); }],
    ['PUT', '/v1/schools/:school/supervision', (c) => {
      ownSchool(c);
      if (c.body.etag !== `v${kept.version}`) throw refuse(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
      const at = c.body.supervisors.findIndex((one) => one.gradeFrom > one.gradeTo);
      if (at >= 0) throw refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: `/supervisors/${at}/gradeTo`, rule: 'GRADE_ORDER', message: 'Последний класс не раньше первого' }] });
      const since = (one) => kept.list.find((old) => old.personId === one.personId && old.gradeFrom === one.gradeFrom && old.gradeTo === one.gradeTo)?.startsOn ?? TODAY;
      kept.list = c.body.supervisors.map((one) => ({ ...one, startsOn: since(one) }));
      kept.version += 1;
      return show();
    }],
  ];
}
