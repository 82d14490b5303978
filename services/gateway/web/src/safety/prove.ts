import { mount, unmount } from 'svelte';
import { loadWords } from '../i18n/index.svelte';
import ProveDialog from './ProveDialog.svelte';

/** Asks for the password or a code above whatever is open; `true` when the session has proved itself. */
export async function prove(method: string): Promise<boolean> {
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
