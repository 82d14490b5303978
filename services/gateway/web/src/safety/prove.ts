import { mount, unmount } from 'svelte';
import { loadWords } from '../i18n/index.svelte';
import ProveDialog from './ProveDialog.svelte';

let open: Promise<boolean> | null = null;

/**
 * Asks for the password or a code above whatever is open; `true` when the session has
 * proved itself. Requests that want a proof at the same time share one dialog.
 */
export function prove(method: string): Promise<boolean> {
  open ??= ask(method).finally(() => (open = null));
  return open;
}

async function ask(method: string): Promise<boolean> {
  await loadWords('safety');
  return new Promise((resolve) => {
    const dialog = mount(ProveDialog, {
      target: document.body,
      props: {
        byCode: method === 'SECOND_FACTOR',
        onend: (given: boolean) => {
          void unmount(dialog);
          resolve(given);
        },
      },
    });
  });
}
