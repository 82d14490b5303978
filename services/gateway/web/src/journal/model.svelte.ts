import { serverNow } from '../app/clock';
import { getJournalPage } from '../api/journal';
import type { Cell, Journal, JournalPage, JournalRow, LessonColumn, Mark, MarkOperation, PersonName } from '../api/types';
import type { Fraction } from '../domain/fraction';
import { averageOf, cellText, isAway } from '../domain/mark';
import { presently } from '../domain/window';
import {
  ATTENDANCE,
  cellKey,
  isAttendance,
  operationOf,
  type Place,
  placeOf,
  type PlaceValue,
  revisionAt,
  sameValue,
  valueAt,
  wantedBy,
} from './operations';
import type { Outbox, Settled } from './outbox';
import type { QueuedOperation, RefusedOperation } from './store';

/** A page of a journal as it stands on the screen: the server's word with the changes that are on their way. */

export type CellState = 'saved' | 'waiting' | 'clash' | 'refused';

/** One cell; replaced as a whole, never changed. */
export interface CellView extends Omit<Cell, 'lessonId' | 'pupilId'> {
  readonly text: string;
  readonly state: CellState;
  /** The pupil is not in the group on that day. */
  readonly outside: boolean;
  /** The pupil's journal is kept on paper that day (R34). */
  readonly paper: boolean;
}

export interface Change {
  row: number;
  column: number;
  place: Place;
  value: PlaceValue;
}

/** Why a change is not made at once. */
export type Objection =
  | { kind: 'outside' | 'paper' | 'future' | 'cancelled' | 'notOwn' | 'withoutMarks' }
  /** «н» beside a mark: the comment comes first (R32). */
  | { kind: 'comment'; change: Change }
  /** The free correction is over: only a request works (R27). */
  | { kind: 'correction'; change: Change };

interface Step {
  change: Change;
  before: PlaceValue;
}

/** An own entry may be mended this long after it was made; the server decides. */
const SLIP_MS = 5 * 60_000;
const LONGEST_UNDO = 200;

export class RowModel {
  readonly pupilId: string;
  readonly name: PersonName;
  cells = $state.raw<readonly CellView[]>([]);
  average = $state.raw<Fraction | null>(null);

  constructor(row: JournalRow) {
    this.pupilId = row.pupilId;
    this.name = row.name;
  }

  set(cells: readonly CellView[]): void {
    this.cells = cells;
    this.average = averageOf(cells.flatMap((cell) => cell.marks.map((mark) => mark.value)));
  }

  put(column: number, cell: CellView): void {
    const cells = this.cells.slice();
    cells[column] = cell;
    this.set(cells);
  }
}

export class JournalModel {
  journal = $state.raw<Journal | null>(null);
  columns = $state.raw<readonly LessonColumn[]>([]);
  rows = $state.raw<readonly RowModel[]>([]);
  from = $state('');
  to = $state('');
  asOf = $state('');
  withoutMarks = $state(false);
  refused = $state.raw<readonly RefusedOperation[]>([]);
  /** Something of ours is unanswered. */
  waiting = $state(0);
  undoable = $state(false);
  redoable = $state(false);

  #etag: string | undefined;
  #range = '';
  /** Unanswered changes of this page by target, and how many of each are just being stored. */
  #wanted = new Map<string, { operation: MarkOperation; storing: number }>();
  #confirmed = new Map<string, Cell>();
  /** Targets that were answered since the last reading began. */
  #answered = new Map<string, Cell | undefined>();
  #undo: Step[][] = [];
  #redo: Step[][] = [];
  #lastOwnChange = 0;
  #off: () => void;

  constructor(
    readonly schoolId: string,
    readonly journalId: string,
    readonly account: string,
    readonly outbox: Outbox,
  ) {
    this.#off = outbox.onSettled((settled) => this.#settled(settled));
  }

  stop(): void {
    this.#off();
  }

  /** Milliseconds since the last own change: a live re-reading can wait that long. */
  quietFor(): number {
    return Date.now() - this.#lastOwnChange;
  }

  /** Reads the page; what is on its way stays as the person left it. */
  async read(range: { from: string; to: string }, signal?: AbortSignal): Promise<void> {
    const key = `${range.from}|${range.to}`;
    const etag = key === this.#range ? this.#etag : undefined;
    const answered = new Map<string, Cell | undefined>();
    this.#answered = answered;
    const answer = await getJournalPage(this.schoolId, this.journalId, range, etag, signal);
    const [pending, refused] = await Promise.all([
      this.outbox.pending(this.journalId).catch(() => []),
      this.outbox.refused(this.journalId).catch(() => []),
    ]);
    if (signal?.aborted) return;
    this.refused = refused;
    this.#wait(pending, answered);
    if (!answer) {
      this.columns = this.columns.map((column) => presently(column, serverNow()));
      return;
    }
    this.#etag = answer.etag;
    this.#range = key;
    this.show(answer.value.page);
    // Answers that came while the page was read are newer than the page.
    for (const [target, cell] of answered) {
      const [lessonId = '', pupilId = ''] = target.split('|');
      if (cell) this.#confirmed.set(cellKey(lessonId, pupilId), cell);
      this.#redraw(lessonId, pupilId);
    }
  }

  /** Takes over what the queue holds; what was answered meanwhile waits no more. */
  #wait(pending: readonly QueuedOperation[], answered: ReadonlyMap<string, unknown>): void {
    const queued = new Map(pending.filter((item) => !answered.has(item.target)).map((item) => [item.target, item.operation]));
    for (const [target, { storing }] of this.#wanted) {
      if (storing === 0 && !queued.has(target)) this.#wanted.delete(target);
    }
    for (const [target, operation] of queued) {
      if (!this.#wanted.has(target)) this.#wanted.set(target, { operation, storing: 0 });
    }
    this.waiting = this.#wanted.size;
  }

  show(page: JournalPage): void {
    const samePage = sameColumns(this.columns, page.columns) && sameRows(this.rows, page.rows);
    this.journal = page.journal;
    this.columns = page.columns.map((column) => presently(column, serverNow()));
    this.from = page.from;
    this.to = page.to;
    this.asOf = page.asOf;
    this.withoutMarks = page.withoutMarks;
    this.#confirmed.clear();
    const rows = page.rows.map((row, index) => {
      const model = samePage ? this.rows[index]! : new RowModel(row);
      const byLesson = new Map(row.cells.map((cell) => [cell.lessonId, cell]));
      for (const cell of row.cells) this.#confirmed.set(cellKey(cell.lessonId, row.pupilId), cell);
      const cells = page.columns.map((column, at) => {
        const outside = (row.memberFrom !== '' && column.date < row.memberFrom) || (row.memberTo !== '' && column.date > row.memberTo);
        const paper = row.paperPeriods.some((one) => one.startsOn <= column.date && column.date <= one.endsOn);
        const view = this.#view(byLesson.get(column.lessonId), column.lessonId, row.pupilId, { outside, paper });
        const before = samePage ? model.cells[at] : undefined;
        return before && sameView(before, view) ? before : view;
      });
      if (cells.some((cell, at) => cell !== model.cells[at])) model.set(cells);
      return model;
    });
    if (!samePage) {
      this.rows = rows;
      this.#forgetSteps();
    }
  }

  cell(row: number, column: number): CellView | undefined {
    return this.rows[row]?.cells[column];
  }

  /** Whether something may be written into a cell now, as far as the page knows. */
  objection(change: Change): Objection | null {
    const column = this.columns[change.column];
    const cell = this.cell(change.row, change.column);
    if (!column || !cell) return { kind: 'outside' };
    if (cell.outside) return { kind: 'outside' };
    if (cell.paper && change.value !== null) return { kind: 'paper' };
    if (column.cancelled || column.window === 'ENTRY_WINDOW_CANCELLED') return { kind: 'cancelled' };
    if (column.window === 'ENTRY_WINDOW_FUTURE') return { kind: 'future' };
    if (!column.own) return { kind: 'notOwn' };
    const writesMark = change.place !== ATTENDANCE && change.value !== null;
    if (this.withoutMarks && writesMark) return { kind: 'withoutMarks' };
    if (column.window === 'ENTRY_WINDOW_CORRECTION' && this.#needsRequest(cell, change)) return { kind: 'correction', change };
    if (change.value !== null && !change.value.comment && this.#besideAbsence(cell, change)) return { kind: 'comment', change };
    return null;
  }

  /** Makes changes that nothing speaks against, as one step for undo; returns the objections of the others. */
  apply(changes: readonly Change[]): Objection[] {
    const objections: Objection[] = [];
    const steps: Step[] = [];
    for (const change of changes) {
      const objection = this.objection(change);
      if (objection) {
        objections.push(objection);
        continue;
      }
      const step = this.#make(change);
      if (step) steps.push(step);
    }
    if (steps.length > 0) {
      this.#undo.push(steps);
      if (this.#undo.length > LONGEST_UNDO) this.#undo.shift();
      this.#redo = [];
      this.#marked();
    }
    return objections;
  }

  /** Takes the last own step back by a new, recorded change; returns where it was. */
  undo(): Change | null {
    return this.#turn(this.#undo, this.#redo, (step) => ({ ...step.change, value: step.before }));
  }

  redo(): Change | null {
    return this.#turn(this.#redo, this.#undo, (step) => step.change);
  }

  /** Puts the refused or clashing change again, over what is there now. */
  insist(item: RefusedOperation): Objection | null {
    const at = this.find(item.operation.lessonId, item.operation.pupilId);
    if (!at) return { kind: 'outside' };
    const change = { ...at, place: placeOf(item.operation), value: wantedBy(item.operation) };
    return this.apply([change])[0] ?? null;
  }

  async dismiss(item: RefusedOperation): Promise<void> {
    await this.outbox.dismiss(item.seq);
    this.#drop(item.seq);
  }

  find(lessonId: string, pupilId: string): { row: number; column: number } | null {
    const row = this.rows.findIndex((one) => one.pupilId === pupilId);
    const column = this.columns.findIndex((one) => one.lessonId === lessonId);
    return row < 0 || column < 0 ? null : { row, column };
  }

  /** Topic and homework came back from the server. */
  putLesson(lesson: LessonColumn): void {
    this.columns = this.columns.map((column) => (column.lessonId === lesson.lessonId ? lesson : column));
  }

  /** A correction was asked for: the cell says so until the deputy decides. */
  correctionAsked(row: number, column: number): void {
    const cell = this.cell(row, column);
    if (cell) this.rows[row]?.put(column, { ...cell, correctionPending: true });
  }

  #needsRequest(cell: CellView, change: Change): boolean {
    const before = valueAt(cell, change.place);
    if (before === null || sameValue(before, change.value)) return false;
    const mark = change.place === ATTENDANCE ? undefined : cell.marks.find((item) => item.slot === change.place);
    const setAt = mark?.setAt ? Date.parse(mark.setAt) : Number.NaN;
    return !(serverNow() - setAt < SLIP_MS) && !this.#wanted.has(this.#target(change));
  }

  #besideAbsence(cell: CellView, change: Change): boolean {
    if (isAttendance(change.value)) return isAway(change.value.attendance) && cell.marks.length > 0;
    return isAway(cell.attendance);
  }

  #make(change: Change): Step | null {
    const row = this.rows[change.row];
    const column = this.columns[change.column];
    const cell = this.cell(change.row, change.column);
    if (!row || !column || !cell) return null;
    const before = valueAt(cell, change.place);
    if (sameValue(before, change.value)) return null;
    const base = revisionAt(cell, change.place);
    const time = new Date().toISOString();
    const operation = operationOf(column.lessonId, row.pupilId, change.place, change.value, base, time);
    const target = this.#target(change);
    this.#wanted.set(target, { operation, storing: (this.#wanted.get(target)?.storing ?? 0) + 1 });
    this.waiting = this.#wanted.size;
    this.#lastOwnChange = Date.now();
    this.refused = this.refused.filter((item) => item.target !== target);
    this.#redraw(column.lessonId, row.pupilId);
    const wanted = { account: this.account, schoolId: this.schoolId, journalId: this.journalId, operation };
    this.outbox.add(wanted).then(
      (outcome) => this.#stored(target, outcome === 'undone'),
      (error: unknown) => this.#notStored(target, error),
    );
    return { change, before };
  }

  #target(change: Change): string {
    return `${this.columns[change.column]?.lessonId}|${this.rows[change.row]?.pupilId}|${change.place || 'a'}`;
  }

  /** Heard by the screen when the device itself refuses to keep a change. */
  onStoreFailure: (error: unknown) => void = () => {};

  #stored(target: string, undone: boolean): void {
    const wanted = this.#wanted.get(target);
    if (!wanted) return;
    wanted.storing -= 1;
    if (undone && wanted.storing === 0) this.#forget(target);
  }

  #notStored(target: string, error: unknown): void {
    this.#forget(target);
    this.onStoreFailure(error);
  }

  #forget(target: string): void {
    this.#wanted.delete(target);
    this.waiting = this.#wanted.size;
    const [lessonId, pupilId] = target.split('|');
    this.#redraw(lessonId ?? '', pupilId ?? '');
  }

  #settled(settled: Settled[]): void {
    for (const { journalId, operation, result, refused, more } of settled) {
      if (journalId !== this.journalId) continue;
      const key = cellKey(operation.lessonId, operation.pupilId);
      const target = `${key}|${placeOf(operation) || 'a'}`;
      const wanted = this.#wanted.get(target);
      // A newer change that is still being stored keeps the place waiting.
      if (wanted && !more && wanted.storing === 0) this.#wanted.delete(target);
      if (!more) this.#answered.set(target, result?.cell);
      if (result?.cell) this.#confirmed.set(key, result.cell);
      if (refused) this.refused = [...this.refused.filter((item) => item.target !== target), refused];
      this.#redraw(operation.lessonId, operation.pupilId);
    }
    this.waiting = this.#wanted.size;
  }

  #drop(seq: number): void {
    const item = this.refused.find((one) => one.seq === seq);
    this.refused = this.refused.filter((one) => one.seq !== seq);
    if (item) this.#redraw(item.operation.lessonId, item.operation.pupilId);
  }

  #redraw(lessonId: string, pupilId: string): void {
    const at = this.find(lessonId, pupilId);
    if (!at) return;
    const before = this.cell(at.row, at.column);
    const confirmed = this.#confirmed.get(cellKey(lessonId, pupilId));
    this.rows[at.row]?.put(at.column, this.#view(confirmed, lessonId, pupilId, { outside: before?.outside ?? false, paper: before?.paper ?? false }));
  }

  /** The server's cell with the unanswered changes laid over it. */
  #view(cell: Cell | undefined, lessonId: string, pupilId: string, day: Pick<CellView, 'outside' | 'paper'>): CellView {
    const view = {
      marks: cell?.marks ?? [],
      attendance: cell?.attendance ?? 'ATTENDANCE_UNSPECIFIED',
      lateMinutes: cell?.lateMinutes ?? 0,
      attendanceComment: cell?.attendanceComment ?? '',
      attendanceRevision: cell?.attendanceRevision ?? '0',
      correctionPending: cell?.correctionPending ?? false,
      ...day,
    };
    let state: CellState = 'saved';
    const prefix = `${cellKey(lessonId, pupilId)}|`;
    for (const item of this.refused) {
      if (item.target.startsWith(prefix)) state = item.reason === 'CONFLICT' ? 'clash' : 'refused';
    }
    for (const place of placesOf(view.marks)) {
      const wanted = this.#wanted.get(`${prefix}${place || 'a'}`);
      if (!wanted) continue;
      state = 'waiting';
      lay(view, place, wantedBy(wanted.operation));
    }
    return { ...view, state, text: cellText(view) };
  }

  #turn(from: Step[][], to: Step[][], changeOf: (step: Step) => Change): Change | null {
    const steps = from.pop();
    if (!steps) return null;
    const made: Step[] = [];
    let last: Change | null = null;
    for (const step of steps.toReversed()) {
      const change = changeOf(step);
      this.#make(change);
      made.push(step);
      last = change;
    }
    to.push(made.reverse());
    this.#marked();
    return last;
  }

  #marked(): void {
    this.undoable = this.#undo.length > 0;
    this.redoable = this.#redo.length > 0;
  }

  #forgetSteps(): void {
    this.#undo = [];
    this.#redo = [];
    this.#marked();
  }
}

/** Places that a change can be about: attendance, and the slots up to the eighth. */
const PLACES: readonly Place[] = [ATTENDANCE, 1, 2, 3, 4, 5, 6, 7, 8];
const FEW_PLACES: readonly Place[] = [ATTENDANCE, 1, 2];

function placesOf(marks: readonly Mark[]): readonly Place[] {
  return marks.some((mark) => mark.slot > 1) ? PLACES : FEW_PLACES;
}

type Held = Pick<Cell, 'marks' | 'attendance' | 'lateMinutes' | 'attendanceComment'>;

function lay(view: Held, place: Place, value: PlaceValue): void {
  if (place === ATTENDANCE) {
    view.attendance = isAttendance(value) ? value.attendance : 'ATTENDANCE_UNSPECIFIED';
    view.lateMinutes = isAttendance(value) ? value.lateMinutes : 0;
    view.attendanceComment = isAttendance(value) ? value.comment : '';
    return;
  }
  const before = view.marks.find((mark) => mark.slot === place);
  const others = view.marks.filter((mark) => mark.slot !== place);
  if (value === null || isAttendance(value)) {
    view.marks = others;
    return;
  }
  const mark: Mark = { slot: place, ...value, revision: before?.revision ?? '0', setAt: before?.setAt ?? '' };
  view.marks = [...others, mark].sort((a, b) => a.slot - b.slot);
}

function sameColumns(a: readonly LessonColumn[], b: readonly LessonColumn[]): boolean {
  return a.length === b.length && a.every((column, index) => column.lessonId === b[index]!.lessonId);
}

function sameRows(a: readonly RowModel[], b: readonly JournalRow[]): boolean {
  return a.length === b.length && a.every((row, index) => row.pupilId === b[index]!.pupilId);
}

function sameView(a: CellView, b: CellView): boolean {
  return (
    a.text === b.text &&
    a.state === b.state &&
    a.outside === b.outside &&
    a.paper === b.paper &&
    a.attendanceRevision === b.attendanceRevision &&
    a.attendanceComment === b.attendanceComment &&
    a.lateMinutes === b.lateMinutes &&
    a.correctionPending === b.correctionPending &&
    a.marks.length === b.marks.length &&
    a.marks.every((mark, index) => {
      const other = b.marks[index]!;
      return mark.revision === other.revision && mark.comment === other.comment && mark.slot === other.slot && mark.kind === other.kind;
    })
  );
}
