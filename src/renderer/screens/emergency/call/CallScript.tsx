import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { EmergencyDetail } from '../../../../core/contract/emergency-calls.ts';
import type { VerbalRequestShown, VerbalShown } from '../../../../core/contract/verbal-calls.ts';
import type { AppError } from '../../../../core/model/errors.ts';
import { NOT_READ } from '../../../../core/model/records/verbal.ts';
import { Button } from '../../../components/Button.tsx';
import type { ActSigner } from '../../../components/SignAs.tsx';
import { DrillSays } from '../../drill/DrillSays.tsx';
import { useKept } from '../../deployment/use-kept.ts';
import { BlindWords } from './BlindWords.tsx';
import { blankOf, countOf, isWhole } from './blind.ts';
import { Block, Onward } from './Block.tsx';
import { CODE_WORDS, forgetHeard, hear, useHeard } from './call-store.ts';
import { PRESENT, type Asked } from './CallScreen.tsx';
import { BLANK_CALL, stageOf, type CallFields } from './call-fields.ts';
import { Decide } from './Decide.tsx';
import { OnTheLine } from './OnTheLine.tsx';
import { Ringing } from './Ringing.tsx';
import styles from './call.module.css';

interface ScriptProps {
  readonly detail: EmergencyDetail;
  readonly asked: Asked;
  readonly signer: ActSigner | null;
  /** The passphrase does not open the key: it is typed again. */
  readonly onNotOpened: () => void;
  /** The call goes on to its next part. */
  readonly onGoOn: () => void;
  /** A read-back or a code was not right, which is on record; null as soon as it is tried again. */
  readonly onWrong: (error: AppError | null) => void;
  readonly onOutcome: (outcome: VerbalShown) => void;
}

const TITLES = ['Call them', 'Read it aloud', 'Hear the words back', 'Hear their voice code', 'Who else heard it', 'Their answer'] as const;
const FIRST = 2;

/** The call itself, from the number to the answer; before anything is logged to be read there is nothing to call about. */
export function CallScript({ asked, ...script }: ScriptProps): ReactElement {
  if (asked.open === null) return <>{TITLES.map((title, index) => <Block key={title} number={index + FIRST} title={title} state="ahead" summary={null} onBack={null}>{null}</Block>)}</>;
  return <Script {...script} asked={asked} open={asked.open} />;
}

function Script({ detail, asked, open, signer, onNotOpened, onGoOn, onWrong, onOutcome }: ScriptProps & { readonly open: VerbalRequestShown }): ReactElement {
  const { record, statement, readBack, nextCode } = open;
  const { fields, change, forget } = useKept<CallFields>(`emergency.call.${record}`, BLANK_CALL);
  const heard = useHeard(record, readBack.length);
  const [aloud = '', below] = statement.split(`\n${NOT_READ}\n`);
  const refuses = fields.decision === 'refuse';
  const stage = stageOf(fields, isWhole(heard.readBack));
  const list = useRef<HTMLSpanElement>(null);
  const go = (next: number): void => {
    onGoOn();
    change({ stage: String(next) });
  };
  const refuse = (): void => {
    onGoOn();
    change({ stage: '7', decision: 'refuse' });
  };
  const state = (number: number): 'done' | 'now' | 'ahead' => (number === stage ? 'now' : number < stage ? 'done' : 'ahead');
  const back = (number: number) => (): void => go(number);
  useEffect(() => {
    // Whoever is on the telephone goes on where the call does.
    list.current?.parentElement?.querySelector<HTMLElement>(PRESENT)?.focus();
  }, [stage]);
  return (
    <>
      <Block number={2} title={TITLES[0]} state={state(2)} onBack={back(2)} summary={fields.called}>
        <Ringing detail={detail} asked={asked} signer={signer} onNotOpened={onNotOpened} fields={fields} change={change} onReached={() => go(3)} />
      </Block>
      <Block number={3} title={TITLES[1]} state={state(3)} onBack={back(3)} summary="It was read.">
        <Onward verb="It is read: go on" wanting={null} onNext={() => go(4)} aside={<Button onClick={refuse} testId="they-refuse">They refuse</Button>}>
          <p className={styles['asked']}>Read this aloud, slowly, word for word:</p>
          <blockquote className={styles['statement']} dir="auto" tabIndex={0} data-first data-testid="statement">{aloud.trimEnd()}</blockquote>
          {below === undefined ? null : <details><summary>Signed with it, and not read aloud: whole digests, and what is skipped</summary><p className={styles['below']} dir="auto">{below.trim()}</p></details>}
        </Onward>
      </Block>
      <Block number={4} title={TITLES[2]} state={state(4)} onBack={back(4)} summary={`${countOf(heard.readBack)} of ${readBack.length} words typed.`}>
        <ReadBack person={asked.id} words={readBack} typed={heard.readBack} onType={(next) => hear(record, { ...heard, readBack: next })} onNext={() => go(5)} refuse={refuse} />
      </Block>
      <Block number={5} title={TITLES[3]} state={state(5)} onBack={back(5)} summary={isWhole(heard.code) ? `${CODE_WORDS} words typed.` : 'None: they have no code at hand.'}>
        {nextCode === null ? (
          <Onward verb="Go on without a code" wanting={null} onNext={() => go(6)}>
            <p>The roster has no voice code left of {asked.name}. Then it counts only with a witness on the line.</p>
          </Onward>
        ) : (
          <Onward
            verb="Go on" wanting={isWhole(heard.code) ? null : `A code has ${CODE_WORDS} words. Nothing says whether they are right until all are there.`} onNext={() => go(6)}
            aside={<Button onClick={() => {
              hear(record, { ...heard, code: blankOf(CODE_WORDS) });
              go(6);
            }} testId="no-code">They have no code at hand</Button>}
          >
            <p className={styles['ask']}>Say: <q>Which words stand beside <b className={styles['code']} data-testid="next-code">{nextCode}</b> on your sheet?</q></p>
            <DrillSays person={asked.id} what={{ code: nextCode }} />
            <BlindWords label="Type the six words as you hear them" words={heard.code} onChange={(code) => hear(record, { ...heard, code })} testId="voice-code" />
          </Onward>
        )}
      </Block>
      <Block number={6} title={TITLES[4]} state={state(6)} onBack={back(6)} summary={open.witnesses.find(({ id }) => id === fields.witness)?.name ?? 'Nobody.'}>
        <OnTheLine open={open} fields={fields} change={change} coded={isWhole(heard.code)} onNext={() => go(7)} />
      </Block>
      <Block number={7} title={TITLES[5]} state={state(7)} onBack={null} summary={null}>
        <Decide
          detail={detail} asked={asked} open={open} signer={signer} onNotOpened={onNotOpened} fields={fields} change={change} heard={heard} refuses={refuses}
          onBack={() => change({ stage: '4', decision: '' })}
          onTry={() => onWrong(null)}
          onWrong={(error) => {
            // What was wrong is heard anew: the words are read out again first.
            forgetHeard(record);
            go(4);
            onWrong(error);
          }}
          onOutcome={(outcome) => {
            forgetHeard(record);
            forget();
            onOutcome(outcome);
          }}
        />
      </Block>
      <span ref={list} hidden />
    </>
  );
}

/** The words are shown to be read out, and hidden as soon as typing begins; showing them again empties what was typed. */
function ReadBack({ person, words, typed, onType, onNext, refuse }: { readonly person: string; readonly words: readonly string[]; readonly typed: readonly string[]; readonly onType: (typed: readonly string[]) => void; readonly onNext: () => void; readonly refuse: () => void }): ReactElement {
  const [shown, setShown] = useState(true);
  const visible = shown && countOf(typed) === 0;
  return (
    <Onward verb="Go on" wanting={isWhole(typed) ? null : `Type all ${words.length} words. Nothing says whether they are right until all are there.`} onNext={onNext} aside={<Button onClick={refuse}>They refuse</Button>}>
      {visible ? (
        <>
          <p className={styles['ask']}>Say: <q>Please say these words back to me.</q> Read them out once:</p>
          <ol className={styles['words']} data-testid="read-back-words">{words.map((word, index) => <li key={`${index} ${word}`}>{word}</li>)}</ol>
        </>
      ) : (
        <div className={styles['hiddenWords']}>
          <p className={styles['soft']}>The words are hidden while you type what you hear.</p>
          <Button kind="quiet" testId="show-words" onClick={() => {
            onType(blankOf(words.length));
            setShown(true);
          }}>Show them again, and begin anew</Button>
        </div>
      )}
      {visible ? null : <DrillSays person={person} what={{ readBack: words }} />}
      <BlindWords
        label="Type the words as they say them" words={typed} testId="read-back"
        onChange={(next) => {
          setShown(false);
          onType(next);
        }}
      />
    </Onward>
  );
}
