import { useEffect, useState, type ReactElement } from 'react';
import type { ExplainedLine } from '../../../core/contract/policy-calls.ts';
import type { CheckId } from '../../../core/model/verdict.ts';
import { CopyButton } from '../../components/CopyButton.tsx';
import { listed } from '../../components/wording.ts';
import { client } from '../../core-client.ts';
import styles from './run-here.module.css';

/** What counts as evidence for a line: the text of `countersign explain`, folded until it is asked for. */
export function EvidenceHelp({ check, policyFile }: { readonly check: CheckId; readonly policyFile: string | null }): ReactElement | null {
  const [line, setLine] = useState<ExplainedLine | null>(null);
  useEffect(() => {
    let current = true;
    client.call('policy.explain', { check, policyFile }).then(({ lines }) => {
      if (current) setLine(lines[0] ?? null);
    }, () => undefined);
    return () => {
      current = false;
    };
  }, [check, policyFile]);
  if (line === null) return null;
  return (
    <details className={styles['help']} data-testid="evidence-help">
      <summary>What counts as evidence</summary>
      <div className={styles['part']}>
        <p>{line.green}</p>
        <ol className={styles['accepts']}>
          {line.accepts.map(({ what, kinds, make, samples }) => (
            <li key={what} className={styles['part']}>
              <p>{what}{kinds.length === 0 ? '' : ` (${listed(kinds)})`}.</p>
              {make.map((command) => <div key={command} className={styles['make']}><pre className={styles['line']}>{command}</pre><CopyButton text={command} what="command" /></div>)}
              {samples.map(({ name, text }) => (
                <figure key={text} className={styles['sample']}>
                  {name === null ? null : <figcaption className={styles['what']}>{name}</figcaption>}
                  <pre className={styles['line']}>{text.trimEnd()}</pre>
                </figure>
              ))}
            </li>
          ))}
        </ol>
        {line.rules.length === 0 ? null : (
          <dl className={styles['rules']}>
            {line.rules.map(({ name, value, source, meaning }) => (
              <div key={name}>
                <dt>{name} <span className={styles['what']}>{source === 'house' ? 'house rule' : source}</span></dt>
                <dd>{meaning}</dd>
                {value.map((entry) => <dd key={entry} className={styles['value']}>{entry}</dd>)}
              </div>
            ))}
          </dl>
        )}
        {line.errata.map(({ words, instead, why }) => <p key={words}>“{words}”: {instead} {why}</p>)}
      </div>
    </details>
  );
}
