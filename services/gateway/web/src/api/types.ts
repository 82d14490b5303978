/**
 * What the screens use of the contract in `proto/zhurnal`, as ProtoJSON: only
 * fields that are read or written. The shapes themselves are loaded by the
 * modules that call the server.
 */
export type * from './types/names';
export type * from './types/identity';
export type * from './types/invitations';
export type * from './types/roster';
export type * from './types/imports';
export type * from './types/marks';
export type * from './types/journal';
export type * from './types/diary';
export type * from './types/control';
export type * from './types/notices';
export type * from './types/municipalities';
export type * from './types/registries';
export type * from './types/looks';
export type * from './types/safety';
export type * from './types/clients';
export type * from './types/schedule';
export type * from './types/sheets';
export type * from './types/plans';
export type * from './types/orders';
export type * from './types/cards';
export type * from './types/rollover';
export type * from './types/study';
export type * from './types/year';
export type * from './types/timetable';
