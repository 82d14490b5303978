/** Notices to a person (`notification.v1`). */
import { flag, type Of, oneOf, record, text } from '../shape';

export type NoticeKind =
  | 'NOTICE_KIND_UNSPECIFIED'
  | 'NOTICE_KIND_MARK'
  | 'NOTICE_KIND_ABSENCE'
  | 'NOTICE_KIND_HOMEWORK'
  | 'NOTICE_KIND_CORRECTION'
  | 'NOTICE_KIND_TIMETABLE'
  | 'NOTICE_KIND_EVENT';

export const notice = record({
  noticeId: text,
  kind: oneOf<NoticeKind>('NOTICE_KIND_UNSPECIFIED'),
  pupilId: text,
  pupilGivenName: text,
  text,
  link: text,
  createdAt: text,
  read: flag,
});

export type Notice = Of<typeof notice>;
