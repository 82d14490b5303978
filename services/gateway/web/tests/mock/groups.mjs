const FAR = '9999-12-31';
const KEEPERS = ['ROLE_ADMINISTRATOR', 'ROLE_DIRECTOR', 'ROLE_DEPUTY', 'ROLE_SECRETARY'];

/** A club of two classes and an extended day without pupils. */
export function makeGroups({ id, pupils }) {
  const club = { groupId: id('grp'), title: 'Шахматы', academicYear: '2026/2027', kind: 'GROUP_KIND_CLUB', grade: 5, shift: 1, unmarked: true, etag: 'v1' };
  const day = { groupId: id('grp'), title: 'ГПД 1–4', academicYear: '2026/2027', kind: 'GROUP_KIND_EXTENDED_DAY', grade: 1, shift: 1, unmarked: true, etag: 'v1' };
  const members = new Map([
    [club.groupId, [
      { pupilId: pupils[0].pupilId, startsOn: '2026-09-01' },
      { pupilId: pupils[1].pupilId, startsOn: '2026-09-01', endsOn: '2026-10-14' },
    ]],
  ]);
  return { club, made: [club, day], members };
}

/** Routes of groups; `refuse(status, code, detail, extra)` makes a refusal. */
export function groupRoutes({ world, ownSchool, refuse }) {
  const TODAY = '2026-11-18';
  const { made, members } = world.clubs;
  world.groups.push(...made);
  const may = ({ me }) => { if (!KEEPERS.includes(me.role)) throw refuse(403, 'PERMISSION_DENIED', 'Недостаточно прав'); };
  const of = (group) => members.get(group.groupId) ?? [];
  const isIn = (one, day) => one.startsOn <= day && (one.endsOn || FAR) >= day;
  const shown = (group) => ({ etag: 'v1', ...group, memberCount: of(group).filter((one) => isIn(one, TODAY)).length });
  const card = (group) => ({ group: shown(group), members: of(group).map((one) => { const pupil = world.pupils.find((item) => item.pupilId === one.pupilId); return { ...one, name: pupil?.name, classId: pupil?.classId, classTitle: pupil?.classTitle }; }) });
  const found = (c) => {
    ownSchool(c); may(c);
    const group = world.groups.find((one) => one.groupId === c.params.group);
    if (!group) throw refuse(404, 'NOT_FOUND', 'Не найдено');
    return group;
  };
  const seen = (group, etag) => { if ((group?.etag ?? '') !== etag) throw refuse(412, 'ETAG_STALE', 'Данные изменены другим пользователем'); };
  const grown = (group, more) => Object.assign(group, more, { etag: `v${Number(group.etag.slice(1)) + 1}` });
  const wrong = (field, rule, message) => refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: `/${field}`, rule, message }] });
  return [
    ['GET', '/v1/schools/:school/groups', (c) => {
      ownSchool(c);
      const classId = c.query.get('classId');
      return { groups: world.groups.filter((one) => !classId || one.classId === classId).map(shown) };
    }],
    ['GET', '/v1/schools/:school/groups/:group', (c) => card(found(c))],
    ['PUT', '/v1/schools/:school/groups/:group', (c) => {
      ownSchool(c); may(c);
      const { etag, ...wanted } = c.body;
      const old = world.groups.find((one) => one.groupId === c.params.group);
      seen(old, etag);
      if (!wanted.title) throw wrong('title', 'REQUIRED', 'Укажите название');
      if (world.groups.some((one) => one !== old && one.title === wanted.title)) throw refuse(409, 'GROUP_TITLE_TAKEN', 'Группа с таким названием в этом учебном году уже есть');
      const group = old ? grown(old, wanted) : { groupId: c.params.group, academicYear: '2026/2027', ...wanted, etag: 'v1' };
      if (!old) world.groups.push(group);
      return { group: shown(group) };
    }],
    ['POST', '/v1/schools/:school/groups/:group:changeMembers', (c) => {
      const group = found(c);
      seen(group, c.body.etag);
      const list = [...of(group)];
      for (const pupilId of c.body.removePupilIds) {
        const at = list.findIndex((one) => one.pupilId === pupilId && (one.endsOn || FAR) >= c.body.from);
        if (at < 0) throw wrong('removePupilIds/0', 'NOT_MEMBER', 'В этот день ученик не входит в группу');
        const before = new Date(Date.parse(c.body.from) - 86_400_000).toISOString().slice(0, 10);
        if (list[at].startsOn === c.body.from) list.splice(at, 1);
        else list[at] = { ...list[at], endsOn: before };
      }
      for (const pupilId of c.body.addPupilIds) {
        if (c.body.from < '2026-09-01') throw wrong('from', 'OUTSIDE_YEAR', 'День не из этого учебного года');
        list.push({ pupilId, startsOn: c.body.from });
      }
      members.set(group.groupId, list);
      grown(group);
      return card(group);
    }],
    ['POST', '/v1/schools/:school/groups/:group:end', (c) => {
      const group = found(c);
      seen(group, c.body.etag);
      members.set(group.groupId, of(group).map((one) => ((one.endsOn || FAR) > c.body.endsOn ? { ...one, endsOn: c.body.endsOn } : one)));
      grown(group, { endsOn: c.body.endsOn });
      return card(group);
    }],
    ['DELETE', '/v1/schools/:school/groups/:group', (c) => {
      const group = found(c);
      seen(group, c.query.get('etag'));
      if (group === world.clubs.club) throw refuse(409, 'GROUP_HAS_LESSONS', 'У группы есть нагрузка: её уроки остаются в журнале, группу можно только завершить');
      world.groups.splice(world.groups.indexOf(group), 1);
      return {};
    }],
  ];
}
