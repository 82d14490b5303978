/** The parts of the mock that tests reach into. */
export interface MockCell {
  lessonId: string;
  pupilId: string;
  marks: { slot: number; value: string; comment: string; revision: string; kind: string; setAt: string }[];
  attendance: string;
  attendanceComment: string;
  attendanceRevision: string;
  correctionPending: boolean;
}

export interface MockPlan {
  groupId: string;
  groupTitle: string;
  subjectId: string;
  subjectTitle: string;
  state: string;
  remark: string;
  plannedHours: number;
  themes: { themeId: string; title: string; hours: number; controlKind: string; homework: string; section: string }[];
  etag: string;
}

export interface MockEntry {
  timetableEntryId: string;
  weekday: number;
  lessonNumber: number;
  week: number;
  groupTitle: string;
  subjectTitle: string;
  teacherId: string;
  room: string;
}

export interface MockTimetable {
  timetable: { timetableId: string; title: string; state: string; validFrom: string; cycleWeeks: number; etag: string };
  entries: MockEntry[];
}

export interface MockSheet {
  state: string;
  statements: { number: string; percent?: number; dueOn?: string; presence?: string; note?: string }[];
  problems: string;
  remark: string;
  late: boolean;
  etag: string;
}

export interface Mock {
  origin: string;
  now: number;
  requests: string[];
  batches: string[];
  weather: { dropAnswers: number; unavailable: number; delayMs: number };
  world: {
    maths: { journalId: string; groupId: string; subjectId: string };
    columns: { lessonId: string; date: string; window: string; topic: string; homework: string; controlKind: string }[];
    groups: { groupId: string; title: string; kind: string; endsOn?: string; etag: string }[];
    clubs: { club: { groupId: string; title: string; etag: string }; members: Map<string, { pupilId: string; startsOn: string; endsOn?: string }[]> };
    pupils: { pupilId: string; name: { surname: string; givenName: string } }[];
    cells: Map<string, MockCell>;
    ledger: { lessonId: string; pupilId: string; oldValue: string; newValue: string; personalText: string }[];
    corrections: { state: string; reason: string; newValue: string }[];
    records: { recordId: string; etag: string; measure?: { title: string; result?: string }; localAct?: { title: string; acknowledged?: boolean }; equipment?: { title: string; schedule: string }; responsiblePerson?: { kind: string } }[];
    orders: { orderId: string; number: string; kind: string; state: string; basis: string; etag: string; pupils: { pupilId: string; classId?: string; reason?: string; newPupil?: { name: { surname: string } } }[] }[];
    scheduled: { lessonId: string; date: string; lessonNumber: number; groupTitle: string; substituteId: string; state: string; stateReason: string; remote?: boolean }[];
    calendars: { calendarSubscriptionId: string; kind: string }[];
    events: { schoolEventId: string; content: { title: string; startsOn: string; startsAt: string; classIds: string[]; audience: string; kind: string; subjectId: string; room: string }; state: string; cancelReason: string; etag: string }[];
    dayChanges: { kind: string; reason: string; lessonCount: number; lessonNumbers: number[]; undoneAt: string }[];
    control: {
      monitorings: { monitoringId: string; kind: string; title: string; asOf: string; dueOn: string; etag: string }[];
      /** By school and monitoring, with a bar between. */
      sheets: Map<string, MockSheet>;
    };
    cards: { of(pupilId: string): { card: { phone: string; address: string; etag: string }; guardians: { link: { relation: string; endsOn: string; isRepresentative: boolean }; etag: string }[] } };
    rollover: { etag: string; state: string; plan: { nextClasses: { classId: string; grade: number; letter: string }[]; pupils: { pupilId: string; nextClassId: string }[] } };
    profile: { etag: string; at: string; by: string; confirmed: boolean; entry: { shortTitle: string } }[];
    modes: { list: { modeId: string; kind: string; startsOn: string; pupilId?: string; orderNumber?: string; orderDate?: string }[] };
    rollouts: { schoolId: string; schoolTitle: string }[];
    municipalities: {
      all: { municipalityId: string; title: string; etag: string }[];
      /** By municipality; without one the ministry's. */
      records: Map<string, { recordId: string; etag: string; post?: string; personName?: { surname: string }; localAct?: { title: string; link: string }; responsiblePerson?: { kind: string }; measure?: { title: string } }[]>;
    };
    plans: Map<string, MockPlan>;
    study: {
      all: { studyDocumentId: string; academicYear: string; kind: string; number: number; state: string; approveBy: string; orderNumber: string; approvedBy: string; approvedAt: string; title: string; etag: string }[];
      loads: { teachingLoad: { teachingLoadId: string; teacherId: string; weeklyHoursHundredths: number; startsOn: string; endsOn: string; subjectTitle: string }; groupTitle: string }[];
      calendars: Map<string, object>;
      lines: Map<string, { grade: number; subjectTitle: string; weeklyHoursHundredths: number; yearlyHours: number }[]>;
    };
    year: {
      regionalVersion: number;
      calendar: {
        periods: { periodId: string; title: string; startsOn: string; endsOn: string }[];
        holidays: { title: string; startsOn: string; gradeTo: number }[];
        daysOff: { date: string; title: string; regional: boolean }[];
        shortenedDays: { date: string; title: string; lessonMinutes: number }[];
        bells: { lessonNumber: number; startsAt: string; endsAt: string; shift: number }[];
      };
      next?: { calendar: { academicYear: string; studyWeekDays: number; daysOff: { date: string }[]; bells: { lessonNumber: number; startsAt: string }[] } };
      nextGaps?: string[];
    };
    /** The next year is opened as it is drafted. */
    openNext(): void;
    timetables: { all: MockTimetable[]; change(one: MockTimetable, operations: object[]): object };
    putPlan(plan: MockPlan, content: object): MockPlan;
    first: { pupilId: string };
    own: { classId: string };
    cellKey(lessonId: string, pupilId: string): string;
  };
  colleague(operation: object): void;
  tell(topic: string, type: string, resource: string): void;
  /** What a demanded proof is: `PASSWORD`, `SECOND_FACTOR`; empty = none is demanded. */
  stepUp: string;
  clients: { clientId: string; title: string; revokedAt?: string; secrets: { secretId: string }[] }[];
  reset(): void;
  endChallenges(): void;
  endSessions(): void;
  streams(): number;
  close(): Promise<void>;
}

export const CSP: string;
export function startMock(options?: { port?: number; pupils?: number; since?: string }): Promise<Mock>;
