/** How the journal is kept (`roster.v1`). */
import { flag, list, maybe, type Of, oneOf, record, text } from '../shape';
import { personName } from './names';

export const STAGES = ['JOURNAL_MODE_KIND_PREPARATION', 'JOURNAL_MODE_KIND_PILOT', 'JOURNAL_MODE_KIND_PAPERLESS'] as const;
export type JournalModeKind = 'JOURNAL_MODE_KIND_UNSPECIFIED' | (typeof STAGES)[number] | 'JOURNAL_MODE_KIND_PAPER';

export const journalModeKind = oneOf<JournalModeKind>('JOURNAL_MODE_KIND_UNSPECIFIED');

export const journalStage = record({ kind: journalModeKind, startsOn: text, nextKind: journalModeKind, nextStartsOn: text });

export type JournalStage = Of<typeof journalStage>;

export const journalMode = record({
  modeId: text,
  kind: journalModeKind,
  classId: text,
  pupilId: text,
  startsOn: text,
  endsOn: text,
  localActId: text,
  contractId: text,
  orderNumber: text,
  orderDate: text,
  classTitle: text,
  pupilName: maybe(personName),
  localActTitle: text,
  contractTitle: text,
  inForce: flag,
  basisEnded: flag,
  withdrawn: flag,
  withdrawnReason: text,
  changedAt: text,
  changedBy: text,
  etag: text,
});

export type JournalMode = Of<typeof journalMode>;

export const journalModes = record({ modes: list(journalMode), nextPageToken: text, mayWrite: flag });
