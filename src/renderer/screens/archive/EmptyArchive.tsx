import type { ReactElement } from 'react';
import { Button } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import styles from './archive.module.css';

/** Says why nothing is listed, and what brings something. */
export function EmptyArchive({ query }: { readonly query: string }): ReactElement {
  if (query !== '') return <Empty action={<Button onClick={() => goTo(addressOf.archive)}>Show every entry</Button>}>No entry answers to <code>{query}</code>. Every word and field of it must hold; a star makes a word a beginning.</Empty>;
  return (
    <div className={styles['teach']}>
      <h2>The archive holds no entry yet</h2>
      <p>It keeps what happened to releases, in an order that nobody can change unseen: each entry becomes a leaf of a tree whose root this console signs, and other consoles cosign what they saw of it.</p>
      <ol className={styles['ways']}>
        <li><a href={addressOf.newRelease}>Load a release</a>: judging or signing it leaves the first entry.</li>
        <li><a href={addressOf.act('append')}>Append records</a> that were made elsewhere, one JSON object a line.</li>
        <li><a href={addressOf.act('sync')}>Sync with a shared folder</a>, to hold what other consoles recorded, and to let them hold what is recorded here.</li>
      </ol>
    </div>
  );
}
