import { create } from 'zustand';
import { parseRoute, type Route } from './routes.ts';

interface RouteState {
  readonly address: string;
  readonly route: Route;
}

/** Where the window is: the address bar is the only place that holds it. */
export const useRoute = create<RouteState>(() => ({ address: window.location.hash, route: parseRoute(window.location.hash) }));

window.addEventListener('hashchange', arrive);

function arrive(): void {
  const address = window.location.hash;
  if (address !== useRoute.getState().address) useRoute.setState({ address, route: parseRoute(address) });
}

/** Goes to an address at once, so that the next key is the new screen's; "back" returns. */
export function goTo(address: string): void {
  window.location.hash = address;
  arrive();
}

/** Changes the address in place, where a step back would only undo a glance. */
export function replaceAddress(address: string): void {
  window.history.replaceState(null, '', address);
  useRoute.setState({ address, route: parseRoute(address) });
}
