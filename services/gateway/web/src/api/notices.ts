import { get, post } from './client';
import { count, list, record, text } from './shape';
import { notice } from './types/notices';

const answer = record({ notices: list(notice), nextPageToken: text, unreadCount: count });

export function listNotices(signal?: AbortSignal) {
  return get(answer, '/v1/me/notices', { pageSize: 20 }, signal);
}

export function markNoticesRead(noticeId: string) {
  return post(record({ unreadCount: count }), '/v1/me/notices:markRead', { noticeId });
}
