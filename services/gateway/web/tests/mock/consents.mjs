import { TODAY } from './world.mjs';

const KINDS = ['CONSENT_KIND_PERSONAL_DATA', 'CONSENT_KIND_INFORMING', 'CONSENT_KIND_PHOTO', 'CONSENT_KIND_THIRD_PARTY'];
const KEEPERS = ['ROLE_ADMINISTRATOR', 'ROLE_DIRECTOR', 'ROLE_SECRETARY'];

/** Consents of the own class: every third pupil has none yet, one mother refuses photographs. */
export function makeConsents(pupils, guardians, id) {
  const of = (pupil, index, kind, more = {}) => ({
    consentId: id('cns'), pupilId: pupil.pupilId, signerId: guardians[index].personId, kind, decision: 'CONSENT_DECISION_GIVEN', signedOn: '2026-09-04', withdrawnOn: '', note: 'Папка 5-А', etag: 'v1', ...more,
  });
  return pupils.flatMap((pupil, index) => {
    if (index % 3 === 2) return [];
    const both = [of(pupil, index, KINDS[0]), of(pupil, index, KINDS[1])];
    return index === 0 ? [...both, of(pupil, index, KINDS[2], { decision: 'CONSENT_DECISION_REFUSED' })] : both;
  });
}

/** What a family sees: one paper of each parent about each child. */
export function makeOwnConsents(children, id) {
  const of = (child, kind, own, name) => ({ consentId: id('cns'), pupilId: child.pupilId, kind, decision: 'CONSENT_DECISION_GIVEN', signedOn: '2026-09-04', withdrawnOn: '', own, signerName: { surname: 'Орлов', givenName: name, patronymic: '' }, etag: 'v1' });
  return children.flatMap((child) => [of(child, KINDS[1], true, 'Первый'), of(child, KINDS[0], false, 'Второй')]);
}

/** Routes of the consents; `refuse(status, code, detail, extra)` makes a refusal. */
export function consentRoutes({ world, refuse }) {
  const consents = world.consents;
  const missing = () => refuse(404, 'NOT_FOUND', 'Не найдено');
  const nameOf = (personId) => [...world.guardians, ...world.pupils.map((one) => ({ personId: one.pupilId, name: one.name }))].find((one) => one.personId === personId)?.name;
  const shown = (one) => ({ ...one, signerName: nameOf(one.signerId) });
  const about = (pupil) => consents.filter((one) => one.pupilId === pupil.pupilId).toSorted((a, b) => b.signedOn.localeCompare(a.signedOn));
  const ofPupil = (pupil) => {
    const kept = about(pupil);
    const guardian = world.guardians[world.pupils.indexOf(pupil)];
    return {
      pupilId: pupil.pupilId,
      pupilName: pupil.name,
      consents: kept.map(shown),
      missing: KINDS.slice(0, 2).filter((kind) => !kept.some((one) => one.kind === kind && !one.withdrawnOn)),
      signers: [{ personId: guardian.personId, name: guardian.name, relation: guardian.relation, informing: 'INFORMING_ELECTRONIC' }],
    };
  };
  const pupilOf = ({ params, me }) => {
    const pupil = world.pupils.find((one) => one.pupilId === params.pupil);
    if (!pupil || !(KEEPERS.includes(me.role) || me.personId === world.own.classTeacherId)) throw missing();
    return pupil;
  };
  const known = ({ params }) => consents.find((one) => one.consentId === params.consent);
  return [
    ['GET', '/v1/schools/:school/consents:coverage', ({ me }) => {
      if (![...KEEPERS, 'ROLE_DEPUTY'].includes(me.role)) throw refuse(403, 'PERMISSION_DENIED', 'Недостаточно прав');
      const open = consents.filter((one) => !one.withdrawnOn);
      const counts = (pupils) => KINDS.map((kind) => {
        const given = new Set(open.filter((one) => one.kind === kind && one.decision.endsWith('GIVEN')).map((one) => one.pupilId));
        const decided = new Set(open.filter((one) => one.kind === kind).map((one) => one.pupilId));
        return { kind, givenCount: pupils ? given.size : 0, refusedCount: pupils ? decided.size - given.size : 0 };
      });
      const classes = world.classes.map((one) => ({ classId: one.classId, classTitle: one.title, pupilCount: one.pupilCount, counts: counts(one === world.own) }));
      return { classes, hasRules: true, hasForm: true, hasResponsiblePerson: false };
    }],
    ['GET', '/v1/schools/:school/classes/:class/consents', ({ params, me }) => {
      const found = world.classes.find((one) => one.classId === params.class);
      if (!found || !([...KEEPERS, 'ROLE_DEPUTY'].includes(me.role) || found.classTeacherId === me.personId)) throw missing();
      return { classTitle: found.title, pupils: found === world.own ? world.pupils.map(ofPupil) : [] };
    }],
    ['PUT', '/v1/pupils/:pupil/consents/:consent', (c) => {
      const pupil = pupilOf(c);
      const wanted = c.body.consent;
      const old = known(c);
      if ((old?.etag ?? '') !== c.body.etag) throw refuse(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
      if (wanted.signedOn > TODAY) throw refuse(400, 'INVALID_ARGUMENT', 'Запрос заполнен неверно', { errors: [{ field: '/consent/signedOn', rule: 'IN_FUTURE', message: 'Дата подписи не может быть позже сегодняшней' }] });
      const twice = about(pupil).some((one) => one.consentId !== c.params.consent && one.kind === wanted.kind && one.signerId === wanted.signerId && !one.withdrawnOn);
      if (twice && !wanted.withdrawnOn) throw refuse(409, 'CONSENT_EXISTS', 'Такая бумага этого человека уже записана: исправьте или отзовите её');
      const kept = { consentId: c.params.consent, pupilId: pupil.pupilId, ...wanted, etag: old ? `v${Number(old.etag.slice(1)) + 1}` : 'v1' };
      if (old) Object.assign(old, kept);
      else consents.push(kept);
      return { consent: shown(kept) };
    }],
    ['GET', '/v1/pupils/:pupil/consents', ({ params, me }) => {
      if (!me.children?.some((one) => one.pupilId === params.pupil)) throw missing();
      return { consents: { pupilId: params.pupil, consents: world.ownConsents.filter((one) => one.pupilId === params.pupil) } };
    }],
    ['POST', '/v1/pupils/:pupil/consents/:consent:withdraw', ({ params }) => {
      const found = world.ownConsents.find((one) => one.consentId === params.consent && one.own);
      if (!found) throw missing();
      found.withdrawnOn ||= TODAY;
      return { consent: found };
    }],
    ['DELETE', '/v1/pupils/:pupil/consents/:consent', (c) => {
      pupilOf(c);
      const old = known(c);
      if (!old) throw missing();
      if (old.etag !== c.query.get('etag')) throw refuse(412, 'ETAG_STALE', 'Данные изменены другим пользователем');
      consents.splice(consents.indexOf(old), 1);
      return {};
    }],
  ];
}
