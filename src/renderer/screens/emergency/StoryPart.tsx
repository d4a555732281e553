import { useState, type ReactElement } from 'react';
import type { EmergencyDetail } from '../../../core/contract/emergency-calls.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted, numbered } from '../../components/wording.ts';
import { addressOf } from '../../frame/routes.ts';
import { RecordLink } from '../deployment/WatchPart.tsx';
import { ActionsList } from './ActionsList.tsx';
import styles from './parts.module.css';

/** So many are drawn at once. */
const DRAWN = 200;

/** What happened, the oldest first, as the archive tells it; and what was learnt. */
export function StoryPart({ detail }: { readonly detail: EmergencyDetail }): ReactElement {
  const [drawn, setDrawn] = useState(DRAWN);
  const { story, postMortem, emergency: { record } } = detail;
  return (
    <>
      <Section title="Post-mortem" aside={<ButtonLink href={addressOf.postMortem(record)} testId="story-post-mortem">{postMortem === null ? 'Write the post-mortem' : 'Write it again'}</ButtonLink>}>
        {postMortem === null ? <Empty>It is to be held within 48 hours of the deployment (§10.2, step 7): root cause, what contributed, what was learnt, and what is changed so that it does not come again.</Empty> : (
          <div className={styles['verbal']} data-testid="post-mortem">
            <p className={styles['soft']}><bdi>{postMortem.by}</bdi>, <TimeText time={postMortem.at} />, <RecordLink id={postMortem.record} /></p>
            <h3>Root cause</h3>
            <p className={styles['said']} dir="auto">{postMortem.rootCause}</p>
            {postMortem.contributing.length === 0 ? null : <><h3>What contributed</h3><ul className={styles['plain']}>{postMortem.contributing.map((one, index) => <li key={index} dir="auto">{one}</li>)}</ul></>}
            <h3>What was learnt</h3>
            <p className={styles['said']} dir="auto">{postMortem.lessons}</p>
            <h3>Actions</h3>
            <ActionsList detail={detail} />
          </div>
        )}
      </Section>
      <Section title="What happened" aside={story.length === 0 ? undefined : counted(story.length, 'act')}>
        {story.length === 0 ? <Empty>Nothing is on record beside the declaration.</Empty> : (
          <ol className={styles['rows']} data-testid="story">
            {story.slice(0, drawn).map(({ at, words, by, record: id, step }, index) => (
              <li key={`${id} ${index}`} className={styles['told']}>
                <TimeText time={at} short />
                <span className={styles['soft']}>Step {step}</span>
                <span className={styles['rowWords']} dir="auto">{words}</span>
                <span className={styles['soft']}>{by === null ? null : <><bdi>{by}</bdi>, </>}<RecordLink id={id} /></span>
              </li>
            ))}
          </ol>
        )}
        {story.length > drawn ? <p><Button onClick={() => setDrawn(drawn + DRAWN)}>{`Show ${numbered(Math.min(DRAWN, story.length - drawn))} more of ${numbered(story.length - drawn)}`}</Button></p> : null}
      </Section>
    </>
  );
}
