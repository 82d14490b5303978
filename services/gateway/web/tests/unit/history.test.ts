import { describe, expect, it } from 'vitest';
import type { CorrectionRequest, LedgerEntry } from '../../src/api/types';
import { historyLine } from '../../src/journal/history';

const SEALED = 'PENDING: часть 1, «4» → «2», вид работы 0, ревизия 1';
const request = { correctionRequestId: 'cor_1', oldValue: '4', newValue: '2' } as CorrectionRequest;

function entry(said: Partial<LedgerEntry>): LedgerEntry {
  return { subject: 'LEDGER_SUBJECT_CORRECTION', correctionRequestId: 'cor_1', oldValue: '', newValue: '', ...said } as LedgerEntry;
}

describe('a line of the history', () => {
  it('shows of a request what it is about, and what became of it', () => {
    const line = (oldValue: string, newValue: string) => historyLine(entry({ oldValue, newValue }), [request]);
    expect(line('', SEALED)).toEqual({ what: 'asked', from: '4', to: '2' });
    expect(line(SEALED, 'APPROVED')).toEqual({ what: 'approved', from: '4', to: '2' });
    expect(line(SEALED, 'REFUSED')).toEqual({ what: 'refused', from: '4', to: '2' });
  });

  it('leaves a mark, and a request that is not known, as the ledger has it', () => {
    const mark = entry({ subject: 'LEDGER_SUBJECT_MARK', oldValue: '4', newValue: '2' });
    expect(historyLine(mark, [request])).toEqual({ what: 'entry', from: '4', to: '2' });
    expect(historyLine(entry({ newValue: SEALED }), [])).toEqual({ what: 'entry', from: '', to: SEALED });
  });
});
