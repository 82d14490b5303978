import type { ControlSheet, ControlSheetSummary, Monitoring, SheetState } from '../api/types';

/** What is said of a sheet in a word. */
export type Told = 'missing' | 'overdue' | 'sent' | 'late' | 'returned';

export const TONES: Record<Told, string> = { missing: '', overdue: 'bad', sent: 'good', late: 'warn', returned: 'warn' };

export function told(state: SheetState, late: boolean): Told {
  if (state === 'CONTROL_SHEET_STATE_SENT') return late ? 'late' : 'sent';
  if (state === 'CONTROL_SHEET_STATE_RETURNED') return 'returned';
  return late ? 'overdue' : 'missing';
}

export function toldOfSchool(one: ControlSheetSummary): Told {
  return told(one.state, one.late);
}

/** Of an own sheet that is not sent yet the last day is compared with today. */
export function toldOfSheet(sheet: ControlSheet, today: string): Told {
  const sent = sheet.state === 'CONTROL_SHEET_STATE_SENT';
  return told(sheet.state, sent ? sheet.late : sheet.monitoring.dueOn < today);
}

/** A school's monitoring counts the school itself. */
export function toldOfMonitoring(one: Monitoring, today: string): Told {
  const sent = one.ownState === 'CONTROL_SHEET_STATE_SENT';
  return told(one.ownState, sent ? one.lateCount > 0 : one.dueOn < today);
}
