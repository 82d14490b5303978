import { router } from './router.svelte';

/**
 * Asks before work that is not saved is left, by another address or by closing the page.
 * Gives what ends the asking: for an effect.
 */
export function keepUnsaved(dirty: () => boolean, question: () => string): () => void {
  const stay = (event: BeforeUnloadEvent) => {
    if (dirty()) event.preventDefault();
  };
  const off = router.guard(() => !dirty() || confirm(question()));
  window.addEventListener('beforeunload', stay);
  return () => {
    off();
    window.removeEventListener('beforeunload', stay);
  };
}
