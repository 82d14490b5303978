import { describe } from 'vitest';
import { DESKTOP } from './browser';
import { axeFindsNothing, gallery } from './screens';

gallery();

describe.each([
  ['light', { size: DESKTOP }, {}],
  ['dark', { size: DESKTOP, theme: 'dark' }, {}],
  ['contrast', { size: DESKTOP }, { theme: 'contrast', large: true }],
] as const)('axe, %s', (_name, look, store) => axeFindsNothing(look, store));
