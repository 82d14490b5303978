import { asProblem } from '../api/problem';
import { words } from '../i18n/index.svelte';

/** A problem in the words of the interface; the server's own text comes first where it has one. */
export function say(error: unknown): string {
  const problem = asProblem(error);
  const text = words('core').errors;
  if (problem.offline) return text.network;
  if (problem.status === 503 || problem.status === 429) return problem.detail || text.unavailable;
  if (problem.status === 404) return problem.detail || text.notFound;
  if (problem.status === 412) return text.changed;
  if (problem.status === 409) return problem.detail || text.changed;
  const fields = problem.fields.map((field) => field.message).filter(Boolean);
  return problem.detail || fields.join('; ') || problem.title || text.other;
}
