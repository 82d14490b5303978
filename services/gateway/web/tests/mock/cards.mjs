/** Cards of the pupils of 5-А with their mothers, written and remembered. */
export function makeCards({ id, pupils, guardians, now }) {
  const FIELDS = { birthDate: 'BIRTH_DATE', phone: 'PHONE', email: 'EMAIL', address: 'ADDRESS', sex: 'SEX' };
  const LINK = { relation: 'RELATION', isRepresentative: 'REPRESENTATIVE', informing: 'INFORMING', startsOn: 'STARTS_ON', endsOn: 'ENDS_ON' };
  const families = new Map(pupils.map((pupil) => {
    const mother = guardians.find((one) => one.pupil === pupil);
    const card = (person, rest) => ({ personId: person.personId ?? person.pupilId, name: { ...person.name }, sex: 'SEX_UNSPECIFIED', birthDate: '', phone: '', email: '', address: '', etag: 'v1', ...rest });
    const link = { guardianLinkId: id('gdl'), guardianId: mother.personId, pupilId: pupil.pupilId, relation: 'мать', isRepresentative: true, informing: 'INFORMING_ELECTRONIC', startsOn: '2026-09-01', endsOn: '' };
    return [pupil.pupilId, { card: card(pupil, { birthDate: pupil.birthDate ?? '' }), classTitle: pupil.classTitle, guardians: [{ link, card: card(mother, { phone: '+79780001122' }), etag: 'v1' }], changes: [] }];
  }));
  const bump = (etag) => `v${Number(etag.slice(1) || 0) + 1}`;
  const fullName = (name) => [name.surname, name.givenName, name.patronymic].filter(Boolean).join(' ');

  const cards = {
    of: (pupilId) => families.get(pupilId),
    show(pupilId, me, notFound) {
      const family = families.get(pupilId);
      if (!family) throw notFound();
      const same = [...families.values()].filter((other) => other !== family && other.card.birthDate && other.card.birthDate === family.card.birthDate && fullName(other.card.name) === fullName(family.card.name));
      return { ...family, namesakes: same.map(({ card }) => ({ personId: card.personId, name: card.name, birthDate: card.birthDate })), mayWrite: me.role !== 'ROLE_DEPUTY' };
    },
    put({ params, body, me }, Refusal, notFound) {
      const family = families.get(params.pupil);
      const card = family && [family.card, ...family.guardians.map((one) => one.card)].find((one) => one.personId === params.person);
      if (!card) throw notFound();
      if (body.etag !== card.etag) throw new Refusal(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
      if (body.entry.phone && body.entry.phone.replace(/\D/g, '').length < 6) throw new Refusal(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/entry/phone', rule: 'PHONE', message: 'Это не номер телефона' }] });
      const told = (field, oldValue, newValue) => family.changes.unshift({ changedAt: new Date(now).toISOString(), changedBy: fullName(me.name ?? { surname: 'Сотрудник' }), personId: card.personId, name: card.name, field: `CARD_FIELD_${field}`, oldValue, newValue });
      if (fullName(body.entry.name) !== fullName(card.name)) told('NAME', fullName(card.name), fullName(body.entry.name));
      for (const [key, field] of Object.entries(FIELDS)) if ((body.entry[key] ?? '') !== card[key]) told(field, card[key], body.entry[key]);
      Object.assign(card, body.entry, { etag: bump(card.etag) });
      return { card, namesakes: cards.show(params.pupil, me, notFound).namesakes };
    },
    link({ params, body, me }, Refusal, notFound) {
      const family = families.get(params.pupil);
      if (!family) throw notFound();
      let one = family.guardians.find((item) => item.link.guardianLinkId === params.link);
      if ((one?.etag ?? '') !== (body.etag ?? '')) throw new Refusal(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
      if (body.endsOn && body.endsOn < body.startsOn) throw new Refusal(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/endsOn', rule: 'DATES_REVERSED', message: 'Последний день раньше первого' }] });
      const { relation, isRepresentative, informing, startsOn, endsOn } = body;
      const said = { relation, isRepresentative, informing, startsOn, endsOn };
      const told = (field, oldValue, newValue) => family.changes.unshift({ changedAt: new Date(now).toISOString(), changedBy: fullName(me.name ?? { surname: 'Сотрудник' }), personId: one.card.personId, name: one.card.name, field: `CARD_FIELD_${field}`, oldValue, newValue });
      if (one) {
        for (const [key, field] of Object.entries(LINK)) if (said[key] !== one.link[key]) told(field, String(one.link[key]), String(said[key]));
        Object.assign(one.link, said);
      } else {
        const card = { ...body.newGuardian, personId: id('per'), etag: 'v1' };
        one = { link: { guardianLinkId: params.link, guardianId: card.personId, pupilId: params.pupil, ...said }, card, etag: '' };
        family.guardians.push(one);
        told('GUARDIAN', '', relation);
      }
      one.etag = bump(one.etag);
      return { guardian: one, namesakes: [] };
    },
  };
  return cards;
}
