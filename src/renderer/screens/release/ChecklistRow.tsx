import { FileText, UserRound } from 'lucide-react';
import type { ReactElement } from 'react';
import type { AssessedLine } from '../../../core/contract/contract.ts';
import { STATUS_WORDS, StatusSign } from '../../components/StatusSign.tsx';
import { baseName, counted } from '../../components/wording.ts';
import styles from './checklist.module.css';

const CHIPS = 2;

/** One line: its sign, the policy's words, what was found, and what it rests on. */
export function ChecklistRow({ line, current, onOpen }: { readonly line: AssessedLine; readonly current: boolean; readonly onOpen: () => void }): ReactElement {
  const { result, words, judgedBy } = line;
  const { evidence, status } = result;
  return (
    <li className={styles['item']} data-testid={result.id} data-status={status}>
      <button type="button" className={styles['row']} data-line={result.id} aria-expanded={current} onClick={onOpen}>
        <StatusSign status={status} />
        <span className={styles['words']} title={words}>{words}</span>
        <span className={styles['found']} title={foundIn(line)} dir="auto">{foundIn(line)}</span>
        <span className={styles['chips']}>
          {judgedBy === 'person' ? <span className={styles['chip']} title="A person says it, not a machine"><UserRound aria-hidden="true" />person</span> : null}
          {evidence.slice(0, CHIPS).map(({ path, sha256 }) => (
            <span key={`${path}-${sha256}`} className={styles['chip']} title={`${path}\nSHA-256 ${sha256}`}><FileText aria-hidden="true" /><span className={styles['chipName']}>{baseName(path)}</span></span>
          ))}
          {evidence.length > CHIPS ? <span className={styles['chip']} title={counted(evidence.length, 'file')}>+{evidence.length - CHIPS}</span> : null}
        </span>
      </button>
    </li>
  );
}

/** The finding in the one vocabulary: "Failed: 2 high findings". Summaries that begin with their status stand alone. */
export function foundIn({ result }: AssessedLine): string {
  const { status, summary } = result;
  const word = STATUS_WORDS[status];
  if (status !== 'failed' && status !== 'passed' && status !== 'accepted') return summary;
  return summary.toLowerCase().startsWith(word.toLowerCase()) ? summary : status === 'accepted' ? `${word}: ${summary}` : status === 'failed' ? `${word}: ${summary}` : summary;
}
