import { describe, expect, it } from 'vitest';
import type { EntryWindow } from '../../src/api/types';
import { addDays, inSchool, isDate, mondayOf, weekdayOf } from '../../src/domain/day';
import { isUrgent, timeLeft } from '../../src/domain/deadline';
import { found, shortName } from '../../src/domain/person';
import { windowAt } from '../../src/domain/window';
import { latestByPerson } from '../../src/people/access';
import type { Invitation, InvitationState } from '../../src/api/types';

describe('days', () => {
  it('are civil dates', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(mondayOf('2026-11-22')).toBe('2026-11-16');
    expect(weekdayOf('2026-11-18')).toBe(2);
    expect(isDate('2026-02-29')).toBe(false);
    expect(isDate('2028-02-29')).toBe(true);
    expect(isDate('18.11.2026')).toBe(false);
    expect(isDate(null)).toBe(false);
  });

  it('are those of the school, wherever the device is', () => {
    expect(inSchool('2026-11-18T21:30:00Z')).toEqual({ date: '2026-11-19', time: '00:30' });
    expect(inSchool('2026-07-01T20:59:00Z')).toEqual({ date: '2026-07-01', time: '23:59' });
  });
});

describe('time left', () => {
  const now = Date.parse('2026-11-18T08:20:00Z');
  it('is told in the units that say enough', () => {
    expect(timeLeft('2026-11-18T08:20:00Z', now)).toEqual({ kind: 'over' });
    expect(timeLeft('2026-11-18T08:20:01Z', now)).toEqual({ kind: 'minutes', minutes: 1 });
    expect(timeLeft('2026-11-18T12:25:00Z', now)).toEqual({ kind: 'hours', hours: 4, minutes: 5 });
    expect(timeLeft('2026-11-20T09:20:00Z', now)).toEqual({ kind: 'days', days: 2 });
    expect(timeLeft('', now)).toEqual({ kind: 'over' });
  });

  it('is urgent in the last half hour', () => {
    expect(isUrgent(timeLeft('2026-11-18T08:50:00Z', now))).toBe(true);
    expect(isUrgent(timeLeft('2026-11-18T08:51:00Z', now))).toBe(false);
    expect(isUrgent({ kind: 'over' })).toBe(false);
  });
});

describe('the window of a lesson moves on while the page is open', () => {
  const lesson = { date: '2026-11-18', entryDueAt: '2026-11-18T12:20:00Z', freeCorrectionUntil: '2026-11-18T21:00:00Z', cancelled: false };
  it.each([
    ['ENTRY_WINDOW_OPEN', '2026-11-18T12:19:00Z', 'ENTRY_WINDOW_OPEN'],
    ['ENTRY_WINDOW_OPEN', '2026-11-18T12:20:00Z', 'ENTRY_WINDOW_LATE'],
    ['ENTRY_WINDOW_OPEN', '2026-11-18T21:00:00Z', 'ENTRY_WINDOW_CORRECTION'],
    ['ENTRY_WINDOW_LATE', '2026-11-18T08:00:00Z', 'ENTRY_WINDOW_LATE'],
    ['ENTRY_WINDOW_FUTURE', '2026-11-17T20:59:00Z', 'ENTRY_WINDOW_FUTURE'],
    ['ENTRY_WINDOW_FUTURE', '2026-11-17T21:00:00Z', 'ENTRY_WINDOW_OPEN'],
    ['ENTRY_WINDOW_CORRECTION', '2026-11-18T08:00:00Z', 'ENTRY_WINDOW_CORRECTION'],
    ['ENTRY_WINDOW_CANCELLED', '2026-11-18T08:00:00Z', 'ENTRY_WINDOW_CANCELLED'],
  ] as [EntryWindow, string, EntryWindow][])('%s at %s is %s', (window, at, now) => {
    expect(windowAt({ ...lesson, window }, Date.parse(at))).toBe(now);
  });
});

describe('names', () => {
  it('are found by the start of any word, Ё as Е', () => {
    expect(found('Журавлёва Марина Викторовна', 'журавле мар')).toBe(true);
    expect(found('Журавлёва Марина Викторовна', 'равл')).toBe(false);
    expect(found('Жукова-Ланская Анна', 'ланск')).toBe(true);
    expect(found('что угодно', '')).toBe(true);
  });

  it('are shortened without breaks', () => {
    expect(shortName({ surname: 'Иванова', givenName: 'Анна', patronymic: '' })).toBe('Иванова\u00a0А.');
  });
});

it('the code that counts for a person is the used one, else the open one, else the newest', () => {
  const code = (personId: string, state: InvitationState, issuedAt: string) => ({ personId, state, issuedAt, invitationId: `${state}${issuedAt}` }) as Invitation;
  const latest = latestByPerson([
    code('per_1', 'INVITATION_STATE_USED', '2026-09-01'),
    code('per_1', 'INVITATION_STATE_ISSUED', '2026-10-01'),
    code('per_2', 'INVITATION_STATE_REVOKED', '2026-10-02'),
    code('per_2', 'INVITATION_STATE_ISSUED', '2026-10-01'),
    code('per_3', 'INVITATION_STATE_EXPIRED', '2026-09-01'),
    code('per_3', 'INVITATION_STATE_EXPIRED', '2026-10-01'),
  ]);
  expect(latest.get('per_1')?.state).toBe('INVITATION_STATE_USED');
  expect(latest.get('per_2')?.state).toBe('INVITATION_STATE_ISSUED');
  expect(latest.get('per_3')?.issuedAt).toBe('2026-10-01');
});
