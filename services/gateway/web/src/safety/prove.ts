import { mount, unmount } from 'svelte';
import { readSecondFactor } from '../api/safety';
import { loadWords } from '../i18n/index.svelte';
import ProveDialog from './ProveDialog.svelte';

let open: Promise<boolean> | null = null;

/**
 * Asks for the password or a code above whatever is open; `true` when the session has
 * proved itself. Requests that want a proof at the same time share one dialog.
 */
export function prove(): Promise<boolean> {
  open ??= ask().finally(() => (open = null));
  return open;
}

async function ask(): Promise<boolean> {
  const [factor] = await Promise.all([readSecondFactor(), loadWords('safety')]);
  return new Promise((resolve) => {
    const dialog = mount(ProveDialog, {
      target: document.body,
      props: {
        byCode: factor.state === 'SECOND_FACTOR_STATE_ON',
        onend: (given: boolean) => {
          void unmount(dialog);
          resolve(given);
        },
      },
    });
  });
}
