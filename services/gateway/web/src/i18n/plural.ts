/** `1 урок, 2 урока, 5 уроков`: Russian and Ukrainian alike, without `Intl` (which has no Crimean Tatar). */
export function slavic(n: number, one: string, few: string, many: string): string {
  const tail = Math.abs(n) % 100;
  const last = tail % 10;
  if (tail > 10 && tail < 20) return many;
  if (last === 1) return one;
  return last >= 2 && last <= 4 ? few : many;
}

export function english(n: number, one: string, other: string): string {
  return n === 1 ? one : other;
}
