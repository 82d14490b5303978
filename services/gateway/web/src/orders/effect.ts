import type { OrderEffect } from '../api/types';
import { shortDate } from '../i18n/dates';
import { words } from '../i18n/index.svelte';

/** What posting does with a pupil, in words: «выбывает из 5-А, последний день 30.09, 7 групп; …». */
export function effectWords(effect: OrderEffect | undefined): string {
  const text = words('orders');
  if (!effect) return text.nothing;
  const parts: string[] = [];
  if (effect.cardAdded) parts.push(text.newCard);
  if (effect.leftClassTitle) parts.push(text.leaves(effect.leftClassTitle, shortDate(effect.lastDay), effect.leftGroupCount));
  if (effect.enteredClassTitle) parts.push(text.entersClass(effect.enteredClassTitle, shortDate(effect.firstDay), effect.enteredGroupCount));
  return parts.join('; ') || text.nothing;
}
