import type { ClassPassage, NextClass, PupilPassage, RolloverPlan } from '../api/types';

/** Grades after which a pupil may leave. */
export function leaves(grade: number): boolean {
  return grade === 9 || grade === 11;
}

export function titleOf(one: Pick<NextClass, 'grade' | 'letter'>): string {
  return `${one.grade}-${one.letter.trim()}`;
}

/** Classes of the next year that a whole class may become. */
export function goals(plan: RolloverPlan, passage: ClassPassage): NextClass[] {
  return plan.nextClasses.filter((one) => one.grade === passage.grade + 1);
}

/** Where one pupil may go: on, or the same grade again. */
export function pupilGoals(plan: RolloverPlan, grade: number): NextClass[] {
  return plan.nextClasses.filter((one) => one.grade === grade || one.grade === grade + 1);
}

/** What is chosen for a pupil: `class` = with the class, `out` = graduates, otherwise a class. */
export function choiceOf(plan: RolloverPlan, pupilId: string): string {
  const found = plan.pupils.find((one) => one.pupilId === pupilId);
  return found ? found.nextClassId || 'out' : 'class';
}

/** The plan with another choice for a pupil. */
export function chosen(plan: RolloverPlan, pupil: Pick<PupilPassage, 'pupilId' | 'name' | 'classTitle'>, choice: string): RolloverPlan {
  const others = plan.pupils.filter((one) => one.pupilId !== pupil.pupilId);
  if (choice === 'class') return { ...plan, pupils: others };
  const nextClassId = choice === 'out' ? '' : choice;
  return { ...plan, pupils: [...others, { ...pupil, nextClassId, outcome: 'PUPIL_OUTCOME_UNSPECIFIED' }] };
}

/** The plan without a class of the next year: nobody goes there any more. */
export function without(plan: RolloverPlan, classId: string): RolloverPlan {
  return {
    ...plan,
    nextClasses: plan.nextClasses.filter((one) => one.classId !== classId),
    classes: plan.classes.map((one) => (one.nextClassId === classId ? { ...one, nextClassId: '' } : one)),
    pupils: plan.pupils.filter((one) => one.nextClassId !== classId),
  };
}

const LETTERS = 'АБВГДЕЖЗИКЛМНПРСТУФЭЮЯ';

/** The plan with one more class of a grade, under the first letter that is free. */
export function withClass(plan: RolloverPlan, grade: number, classId: string): RolloverPlan {
  const taken = plan.nextClasses.filter((one) => one.grade === grade).map((one) => one.letter);
  const letter = [...LETTERS].find((one) => !taken.includes(one)) ?? '';
  const added: NextClass = { classId, grade, letter, shift: 1, classTeacherId: '', title: `${grade}-${letter}`, pupilCount: 0, stayingCount: 0 };
  const nextClasses = [...plan.nextClasses, added].sort((a, b) => a.grade - b.grade || a.letter.localeCompare(b.letter, 'ru'));
  return { ...plan, nextClasses };
}
