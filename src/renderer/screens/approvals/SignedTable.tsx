import type { ReactElement } from 'react';
import type { ActView } from '../../../core/contract/approval-calls.ts';
import type { Assessment } from '../../../core/contract/contract.ts';
import { Cut } from '../../components/Cut.tsx';
import { StatusSign } from '../../components/StatusSign.tsx';
import { Ago } from '../../components/TimeText.tsx';
import { VirtualTable } from '../../components/VirtualTable.tsx';
import { capital, spaced } from '../../components/wording.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { saidOf } from './decisions.ts';
import styles from './approvals.module.css';

/** Attestations, accepted risks and types that were left out, newest first. */
export function SignedTable({ acts, assessment }: { readonly acts: readonly ActView[]; readonly assessment: Assessment }): ReactElement {
  return (
    <VirtualTable
      label="What else was signed"
      visible={12}
      count={acts.length}
      onOpen={(index) => {
        const act = acts[index];
        if (act !== undefined) goTo(addressOf.entry(act.record));
      }}
      columns={[
        { name: 'Standing', width: '132px' },
        { name: 'What', width: 'minmax(140px, 2fr)' },
        { name: 'Who', width: 'minmax(100px, 1.2fr)' },
        { name: 'Their words, and why it stands so', width: 'minmax(160px, 4fr)' },
        { name: 'Said', width: '96px' },
        { name: 'Record', width: 'minmax(100px, 1fr)' },
      ]}
      rowAt={(index) => {
        const act = acts[index];
        if (act === undefined) return null;
        const said = saidOf(act, acts, assessment);
        return {
          key: act.record,
          cells: [
            <span key="standing" className={styles['standing']} data-status={said.status}><StatusSign status={said.status} silent /><Cut>{said.word}</Cut></span>,
            <Cut key="what">{`${capital(spaced(act.event_type))}${act.about === act.event_type ? '' : ` of ${act.about}`}`}</Cut>,
            <Cut key="who">{act.person ?? `${act.by ?? 'nobody'}, not proved`}</Cut>,
            <Cut key="words">{act.standing === 'counts' ? act.words : `${said.why} ${act.words}`}</Cut>,
            <Ago key="when" time={act.claimed} />,
            <a key="record" href={addressOf.entry(act.record)} title={act.record}><Cut>{act.record.split('/').at(-1) ?? act.record}</Cut></a>,
          ],
        };
      }}
    />
  );
}
