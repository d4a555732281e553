import { X } from 'lucide-react';
import type { ReactElement } from 'react';
import { ProgressPanel } from '../components/Progress.tsx';
import { StatusSign } from '../components/StatusSign.tsx';
import styles from './frame.module.css';
import { closeNotice, useNotices } from './notice-store.ts';
import { useRoute } from './route-store.ts';
import { isShown, useTasks } from './task-store.ts';

/** Work that goes on elsewhere, and the ends of what went on. */
export function Notices(): ReactElement {
  const address = useRoute((state) => state.address);
  const notices = useNotices((state) => state.notices);
  const tasks = useTasks((state) => state.tasks);
  const elsewhere = tasks.filter((task) => !isShown(task.address, address));
  return (
    <aside className={styles['notices']} aria-label="Notices">
      {elsewhere.map((task) => (
        <div key={task.id} className={styles['notice']} data-kind="task">
          <ProgressPanel task={task}>
            <a href={task.address}>Show {task.label.charAt(0).toLowerCase()}{task.label.slice(1)}</a>
          </ProgressPanel>
        </div>
      ))}
      <div role="status" className={styles['noticeList']}>
        {notices.map(({ id, tone, text, address: where }) => (
          <div key={id} className={styles['notice']} data-tone={tone}>
            {tone === 'failed' ? <StatusSign status="failed" /> : null}
            <p className={styles['noticeText']}>
              {text} {where === null ? null : <a href={where} onClick={() => closeNotice(id)}>Show</a>}
            </p>
            <button type="button" className={styles['help']} aria-label="Close this notice" onClick={() => closeNotice(id)}>
              <X aria-hidden="true" />
            </button>
          </div>
        ))}
      </div>
    </aside>
  );
}
