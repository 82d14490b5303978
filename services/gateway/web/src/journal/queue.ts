import { postBytes, url } from '../api/client';
import { recordMarksResponse } from '../api/types/journal';
import { Outbox } from './outbox';

/** The page's own queue, wired to the server, the other tabs and the network. */
export const outbox = new Outbox({
  transport: {
    async send(batch) {
      const path = url`/v1/schools/${batch.schoolId}/journals/${batch.journalId}` + '/marks:batchSet';
      return (await postBytes(recordMarksResponse, path, batch.body, batch.key)).results;
    },
  },
  locks: navigator.locks,
  channel: typeof BroadcastChannel === 'function' ? new BroadcastChannel('zhurnal-outbox') : undefined,
});

window.addEventListener('online', () => outbox.kick(0));
document.addEventListener('visibilitychange', () => outbox.kick(0));
