import { getSchool } from '../api/school';
import { router } from './router.svelte';
import { session } from './session.svelte';

/**
 * The school that a screen is about: the session's own, or for an administrator
 * of the region the one named in the address (`?school=sch_…`).
 */
export class ActingSchool {
  title = $state('');

  readonly id = $derived(session.schoolId || (router.search.get('school') ?? ''));
  /** Tail for links between screens of the same school. */
  readonly tail = $derived(session.schoolId ? '' : `?school=${encodeURIComponent(this.id)}`);

  constructor() {
    this.title = session.me?.schoolTitle ?? '';
    if (this.title || !this.id) return;
    getSchool(this.id).then(
      (school) => (this.title = school.title),
      () => undefined,
    );
  }
}
