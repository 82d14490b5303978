import { browserOf, systemOf } from '../domain/device';
import { words } from '../i18n/index.svelte';

/** A device as its owner knows it; an unknown one by its own name. */
export function deviceName(agent: string): string {
  const text = words('safety').device;
  const [browser, system] = [browserOf(agent), systemOf(agent)];
  if (browser && system) return text.on(browser, system);
  return browser || system || agent || text.unknown;
}
