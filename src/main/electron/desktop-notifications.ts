import { Notification } from 'electron';
import type { WatchEnded } from '../../core/service/watch-reminders.ts';

/** The desktop's own notifications; clicking one leads to what it is about. Where the desktop has none, the window tells alone. */
export function desktopNotifications(): { readonly tell: (ended: WatchEnded) => void; readonly onOpen: (open: (route: string) => void) => void } {
  // What is shown is held, or it is collected before anybody has clicked it.
  const shown = new Set<Notification>();
  let open: (route: string) => void = () => undefined;
  return {
    onOpen: (next) => {
      open = next;
    },
    tell: ({ title, detail, route }) => {
      if (!Notification.isSupported()) return;
      const notification = new Notification({ title, body: detail });
      shown.add(notification);
      notification.once('click', () => open(route ?? '#/home'));
      notification.once('close', () => shown.delete(notification));
      notification.show();
    },
  };
}
