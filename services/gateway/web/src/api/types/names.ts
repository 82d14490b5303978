/** Words that several services share (`type.v1`). */
import { type Of, record, text } from '../shape';

export const personName = record({ surname: text, givenName: text, patronymic: text });

export type PersonName = Of<typeof personName>;
