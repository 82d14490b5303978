import { describe, expect, it } from 'vitest';
import { type Draft, draftOf, mistakesOf, missing, pathOf, pupilOf, requestOf } from '../../src/orders/draft';

const name = { surname: 'Примеров', givenName: 'Пётр', patronymic: '' };
const draft = (change: Partial<Draft> = {}): Draft => ({
  kind: 'ORDER_KIND_TRANSFER',
  number: 'П-1',
  date: '2026-11-18',
  effectiveOn: '2026-11-23',
  basis: 'Заявление',
  pupils: [{ ...pupilOf('per_1', name), classId: 'cls_1', groupIds: ['grp_1'], reason: 'Переезд', toSchoolId: 'sch_1' }],
  ...change,
});

describe('a draft', () => {
  it('sends of a pupil what its kind asks for and nothing else', () => {
    const sent = (kind: Draft['kind']) => (requestOf(draft({ kind })) as { pupils: object[] }).pupils[0];
    expect(sent('ORDER_KIND_TRANSFER')).toEqual({ pupilId: 'per_1', classId: 'cls_1', groupIds: ['grp_1'] });
    expect(sent('ORDER_KIND_EXPULSION')).toEqual({ pupilId: 'per_1', reason: 'Переезд', destination: '' });
    expect(sent('ORDER_KIND_DEPARTURE')).toEqual({ pupilId: 'per_1', reason: 'Переезд', toSchoolId: 'sch_1' });
  });

  it('sends a new pupil without a card', () => {
    const pupil = { ...pupilOf('', name), sex: 'SEX_MALE' as const, birthDate: '2015-05-05', classId: 'cls_1' };
    expect((requestOf(draft({ kind: 'ORDER_KIND_ADMISSION', pupils: [pupil] })) as { pupils: object[] }).pupils[0]).toEqual({
      pupilId: '',
      newPupil: { name, sex: 'SEX_MALE', birthDate: '2015-05-05' },
      classId: 'cls_1',
      groupIds: [],
      educationForm: 'EDUCATION_FORM_FULL_TIME',
    });
  });

  it('names every empty field by its path', () => {
    expect(missing(draft())).toEqual([]);
    expect(missing(draft({ number: ' ', pupils: [] }))).toEqual(['number', 'pupils']);
    expect(missing(draft({ kind: 'ORDER_KIND_EXPULSION', pupils: [pupilOf('per_1', name)] }))).toEqual(['pupils.0.reason']);
    expect(missing(draft({ kind: 'ORDER_KIND_DEPARTURE', pupils: [pupilOf('per_1', name)] }))).toEqual(['pupils.0.toSchoolId']);
    expect(missing(draft({ kind: 'ORDER_KIND_ADMISSION', pupils: [pupilOf('', undefined)] }))).toEqual([
      'pupils.0.newPupil.name.surname',
      'pupils.0.newPupil.name.givenName',
      'pupils.0.newPupil.sex',
      'pupils.0.newPupil.birthDate',
      'pupils.0.classId',
    ]);
  });

  it('finds the field of a refusal, whichever way it is written', () => {
    expect(['pupils[2].classId', '/pupils/2/classId', 'date'].map(pathOf)).toEqual(['pupils.2.classId', 'pupils.2.classId', 'date']);
    expect(mistakesOf([{ field: 'pupils[0].newPupil.birthDate', message: 'В будущем' }]).get('pupils.0.newPupil.birthDate')).toBe('В будущем');
  });

  it('is the same after it was saved and read', () => {
    const read = {
      orderId: 'ord_1', number: 'П-1', date: '2026-11-18', kind: 'ORDER_KIND_TRANSFER' as const, pupilCount: 1, state: 'ORDER_STATE_DRAFT' as const, effectiveOn: '2026-11-23', basis: 'Заявление',
      reversesOrderId: '', reversesNumber: '', reversedByOrderId: '', reversedByNumber: '', ofImport: false, etag: 'v1',
      pupils: [{ pupilId: 'per_1', newPupil: undefined, classId: 'cls_1', educationForm: 'EDUCATION_FORM_FULL_TIME' as const, groupIds: ['grp_1'], reason: '', destination: '', toSchoolId: '', name, toSchoolTitle: '', classTitle: '5-А', effect: undefined }],
    };
    expect(requestOf(draftOf(read))).toEqual(requestOf(draft()));
  });
});
