import type { CorrectionRequest, LedgerEntry } from '../api/types';

/** What happened in a cell: the ledger's entry in the words of people. */
export interface HistoryLine {
  what: 'entry' | 'asked' | 'approved' | 'refused';
  from: string;
  to: string;
}

/**
 * The ledger holds a request as one line of text that its seal covers; people are shown
 * the values that the request is about.
 */
export function historyLine(entry: LedgerEntry, requests: readonly CorrectionRequest[]): HistoryLine {
  const own = { from: entry.oldValue, to: entry.newValue };
  if (entry.subject !== 'LEDGER_SUBJECT_CORRECTION') return { what: 'entry', ...own };
  const request = requests.find((item) => item.correctionRequestId === entry.correctionRequestId);
  if (!request) return { what: 'entry', ...own };
  const decided = entry.newValue === 'APPROVED' ? 'approved' : 'refused';
  return { what: entry.oldValue ? decided : 'asked', from: request.oldValue, to: request.newValue };
}
