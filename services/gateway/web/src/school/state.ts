import type { ProfileState } from '../api/types/schoolProfile';

/** Colour of a profile's state. */
export const PROFILE_TONES: Record<ProfileState, 'good' | 'warn' | 'bad'> = {
  SCHOOL_PROFILE_STATE_EMPTY: 'bad',
  SCHOOL_PROFILE_STATE_UNCONFIRMED: 'warn',
  SCHOOL_PROFILE_STATE_CONFIRMED: 'good',
  SCHOOL_PROFILE_STATE_CHANGED: 'warn',
  SCHOOL_PROFILE_STATE_DUE: 'warn',
};
