import { client } from '../core-client.ts';
import { notify } from './notice-store.ts';

/** Tells of a watch that is over in a notice that stays, and in the window's title, which is read where the window is behind others. */
export function tellOfWatches(): () => void {
  return client.on('watch.ended', ({ title, detail, route }) => {
    notify({ tone: 'plain', text: `${title}. ${detail}`, address: route });
    document.title = `${title} · Countersign`;
  });
}
