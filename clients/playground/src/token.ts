import { useSyncExternalStore } from 'react';

const KEY = 'dreamcore.token';

/** The access token: typed for this browser tab, else the one that came with the page. */
export class TokenStore {
  private token: string;
  private readonly listeners = new Set<() => void>();

  constructor(given: string | null) {
    this.token = sessionStorage.getItem(KEY) ?? given ?? '';
  }

  readonly get = (): string => this.token;

  /** Kept until the tab closes; an empty one is forgotten at once. */
  set(token: string): void {
    this.token = token.trim();
    if (this.token) sessionStorage.setItem(KEY, this.token);
    else sessionStorage.removeItem(KEY);
    this.listeners.forEach((listener) => listener());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export const useToken = (store: TokenStore): string =>
  useSyncExternalStore(store.subscribe, store.get);
