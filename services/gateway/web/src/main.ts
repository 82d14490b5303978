import { mount } from 'svelte';
import App from './App.svelte';
import { prefs } from './app/prefs.svelte';
import { router } from './app/router.svelte';
import { setLanguage } from './i18n/index.svelte';
import './styles/base.css';

async function start(): Promise<void> {
  prefs.follow();
  if (prefs.language !== 'ru') await setLanguage(prefs.language);
  router.start();
  const target = document.getElementById('app');
  if (target) mount(App, { target });
}

void start();

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // The shell only; without it everything works, off-line starts excepted.
  window.addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined));
}
