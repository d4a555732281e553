import type { ReactElement } from 'react';
import type { Output } from '../../../core/contract/types.ts';
import { Cut } from '../../components/Cut.tsx';
import { Digest } from '../../components/Digest.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { capital, counted } from '../../components/wording.ts';
import { AuthorityLines } from './AuthorityLines.tsx';
import styles from './deployment.module.css';

type Checked = Output<'deployment.check'>;

/** What a look at the target and at the authority came to. */
export function CheckedDeployment({ id, checked: { target, lines, differences, environment } }: { readonly id: string; readonly checked: Checked }): ReactElement {
  const faults = target.filter(({ fault }) => fault !== null).length;
  return (
    <div className={styles['checked']} data-testid="checked">
      <h3>{target.length === 0 ? 'No artifact lies on the target' : `${counted(target.length, 'artifact')}, ${faults === 0 ? 'all as they were signed' : `${faults} not as signed`}`}</h3>
      {target.length === 0 ? null : (
        <VirtualTable
          label="Artifacts of the target" visible={8} count={target.length} testId="target-table"
          columns={[{ name: 'State', width: '20px', unseenName: true }, { name: 'Artifact', width: 'minmax(140px, 2fr)' }, { name: 'On the target', width: '190px' }, { name: 'Signed', width: '190px' }, { name: 'What is wrong', width: 'minmax(140px, 3fr)' }]}
          rowAt={(index) => {
            const line = target[index];
            if (line === undefined) return null;
            return {
              key: line.name,
              cells: [
                <StatusSign key="sign" status={line.fault === null ? 'passed' : 'failed'} />, <Cut key="name">{line.name}</Cut>,
                line.found === null ? <span key="found" className={styles['soft']}>not there</span> : <Digest key="found" value={line.found} what={`what is there of ${line.name}`} />,
                line.signed === null ? <span key="signed" className={styles['soft']}>not signed</span> : <Digest key="signed" value={line.signed} what={`what was signed of ${line.name}`} />,
                <Cut key="fault">{line.fault === null ? '–' : capital(line.fault.replace(`${line.name} `, ''))}</Cut>,
              ],
            };
          }}
        />
      )}
      <p className={styles['sentence']} data-testid="configuration">
        <StatusSign status={differences === null ? 'not-applicable' : differences.length === 0 ? 'passed' : 'failed'} silent />
        <span dir="auto">{differences === null ? 'No configuration was compared.' : differences.length === 0 ? `The target is configured as §8.2 says of ${environment}.` : `The target is configured otherwise than §8.2 says: ${differences.join('; ')}.`}</span>
      </p>
      {lines.length === 0 ? null : (
        <>
          <h3>{lines.every(({ good }) => good) ? 'The authority for production is whole' : `Authority for production: ${counted(lines.filter(({ good }) => !good).length, 'line does', 'lines do')} not open`}</h3>
          <AuthorityLines id={id} lines={lines} />
        </>
      )}
    </div>
  );
}
