import type { Plugin } from 'vite';

const STUB = "export function create_custom_element() { throw new Error('custom elements are left out of this build'); }";

/**
 * Leaves out Svelte's wrapper that turns components into custom elements. The
 * bundler cannot drop it by itself (it defines a class when loaded), and nothing
 * here is a custom element; one that was written would throw when it is defined.
 */
export function withoutCustomElements(): Plugin {
  return {
    name: 'without-custom-elements',
    apply: 'build',
    load(id) {
      return /svelte\/src\/internal\/client\/dom\/elements\/custom-element\.js$/.test(id) ? STUB : null;
    },
  };
}
