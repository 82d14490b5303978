/** Short messages at the foot of the page; errors stay until closed. */
export interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'bad' | 'plain';
  action?: { label: string; run: () => void } | undefined;
}

const STAY_MS = 5_000;
let last = 0;

class Toasts {
  items = $state.raw<readonly Toast[]>([]);

  show(text: string, tone: Toast['tone'] = 'plain', action?: Toast['action']): void {
    const id = ++last;
    this.items = [...this.items.filter((toast) => toast.text !== text), { id, text, tone, action }].slice(-3);
    if (tone !== 'bad') setTimeout(() => this.close(id), STAY_MS);
  }

  close(id: number): void {
    this.items = this.items.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
