/** Time left until an instant, in the largest two units that say enough. */
export type Left =
  | { kind: 'over' }
  | { kind: 'minutes'; minutes: number }
  | { kind: 'hours'; hours: number; minutes: number }
  | { kind: 'days'; days: number };

export function timeLeft(until: string, nowMs: number): Left {
  const ms = Date.parse(until) - nowMs;
  if (!(ms > 0)) return { kind: 'over' };
  const minutes = Math.ceil(ms / 60_000);
  if (minutes < 60) return { kind: 'minutes', minutes };
  if (minutes < 24 * 60) return { kind: 'hours', hours: Math.floor(minutes / 60), minutes: minutes % 60 };
  return { kind: 'days', days: Math.floor(minutes / (24 * 60)) };
}

/** Less than half an hour: time to say so in colour and words. */
export function isUrgent(left: Left): boolean {
  return left.kind === 'minutes' && left.minutes <= 30;
}
