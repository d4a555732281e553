import type { ReactElement } from 'react';
import type { EmergencyDetail, EmergencyDone } from '../../../core/contract/emergency-calls.ts';
import type { EmergencyStep } from '../../../core/model/records/emergency.ts';
import { instantOf } from '../../components/wording.ts';
import { PathField } from '../../components/PathField.tsx';
import { Choice, Line, Paths, pathsIn, Words } from '../deployment/fields.tsx';
import { useReleases } from '../releases/releases-store.ts';
import { EmergencyAct, type Said } from './EmergencyAct.tsx';
import { ACT_WORDS } from './step-words.ts';

export interface ActFormProps {
  readonly detail: EmergencyDetail;
  readonly roles: readonly string[];
  readonly onDone?: (() => void) | undefined;
  readonly onClose?: (() => void) | undefined;
}

const WHEN = [['now', 'Just now'], ['earlier', 'Earlier']] as const;
const NOTIFIED_AS = [['cto', 'As CTO'], ['ciso', 'As CISO'], ['incident-team', 'As the incident team'], ['other', 'As somebody else']] as const;
type NotifiedAs = (typeof NOTIFIED_AS)[number][0];

/** The words of an act: as they were typed, and where nothing was, what the act says anyway. */
const orElse = (typed: string, plain: string): string => (typed.trim() === '' ? plain : typed.trim());

/** Who was told, when, and how (policy §10.2, step 1). */
export function NotifyForm({ detail, roles, as, onDone, onClose }: ActFormProps & { readonly as: NotifiedAs }): ReactElement {
  const holders = detail.people.filter((person) => as !== 'other' && person.roles.includes(as));
  // Whoever can be called by the roster is likelier to be the one who was told.
  const known = holders.find(({ phones }) => phones.length > 0) ?? holders[0];
  const number = known?.phones[0];
  const say = ({ who, as: role, by, when, time }: Readonly<Record<string, string>>, at: string): Said => {
    if ((who ?? '').trim() === '') return 'Say who was told.';
    if ((by ?? '').trim() === '') return 'Say how: a number, a room, a channel.';
    const earlier = when === 'earlier' ? instantOf(time ?? '') : at;
    if (earlier === null) return 'The time is written as 2026-01-12 02:40, in UTC.';
    const told = NOTIFIED_AS.find(([id]) => id === role)?.[0] ?? 'other';
    return { done: { kind: 'notify', notified: [{ who: (who ?? '').trim(), as: told, at: earlier, by: (by ?? '').trim() }] }, reason: `${(who ?? '').trim()} was told by ${(by ?? '').trim()}.` };
  };
  return (
    <EmergencyAct
      record={detail.emergency.record} name={`notify-${as}`} label="Record who was told" verb="Sign who was told" roles={roles} say={say} onDone={onDone} onClose={onClose}
      after="Afterwards it is on record who was told of the emergency, when, and how."
      blank={{ who: known?.name ?? '', as, by: number ?? '', when: 'now', time: '' }}
      ask={(fields, change) => (
        <>
          <Line label="Who was told" value={fields.who} onChange={(who) => change({ who })} testId="notify-who" />
          <Choice label="As whom" options={NOTIFIED_AS} value={NOTIFIED_AS.find(([id]) => id === fields.as)?.[0] ?? 'other'} onChange={(next) => change({ as: next })} testId="notify-as" />
          <Line label="How" hint="The number that was called, a room, a channel." value={fields.by} onChange={(by) => change({ by })} testId="notify-by" />
          <When fields={fields} change={change} />
        </>
      )}
    />
  );
}

function When({ fields, change }: { readonly fields: { readonly when: string; readonly time: string }; readonly change: (some: { when?: string; time?: string }) => void }): ReactElement {
  return (
    <>
      <Choice label="When" options={WHEN} value={fields.when === 'earlier' ? 'earlier' : 'now'} onChange={(when) => change({ when })} />
      {fields.when === 'earlier' ? <Line label="The time, in UTC" hint="As 2026-01-12 02:40." value={fields.time} onChange={(time) => change({ time })} testId="act-time" /> : null}
    </>
  );
}

/** Which versions are affected. */
export function AffectedForm({ detail, roles, onDone, onClose }: ActFormProps): ReactElement {
  const versions = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((one) => one !== ''))];
  return (
    <EmergencyAct
      record={detail.emergency.record} name="affected" label="Say which versions are affected" verb="Sign which versions are affected" roles={roles} onDone={onDone} onClose={onClose}
      after="Afterwards these are the versions that are affected. What turns out otherwise is said by another act."
      blank={{ versions: detail.affected.join(' '), reason: '' }}
      say={(fields) => {
        const named = versions(fields.versions);
        return named.length === 0 ? 'Name at least one version.' : { done: { kind: 'affected', versions: named }, reason: orElse(fields.reason, `Affected: ${named.join(', ')}.`) };
      }}
      ask={(fields, change) => (
        <>
          <Line label="Versions" hint="As v1.0.3 v1.0.4, with a space between." value={fields.versions} onChange={(next) => change({ versions: next })} testId="affected-versions" />
          <Words label="How that is known" hint="Can be left empty." value={fields.reason} onChange={(reason) => change({ reason })} />
        </>
      )}
    />
  );
}

/** The review, a test, or the look at production: by the role for it, at a commit (policy §10.2, steps 2, 3 and 6). */
export function StepForm({ detail, roles, step, onDone, onClose }: ActFormProps & { readonly step: EmergencyStep }): ReactElement {
  const loaded = useReleases(({ releases }) => releases?.find(({ draft }) => draft.version === detail.emergency.release) ?? null);
  const { verb, after } = ACT_WORDS[step];
  const begun = step === 'qa-test-begun';
  return (
    <EmergencyAct
      record={detail.emergency.record} name={`step-${step}`} label={verb} verb={verb} roles={roles} after={after} onDone={onDone} onClose={onClose}
      blank={{ repo: loaded?.draft.repo ?? '', commit: '', words: '', files: '' }}
      say={(fields) => {
        const [repo, commit] = [fields.repo.trim(), fields.commit.trim()];
        if (detail.emergency.release === null) return 'Name the version that mends it first.';
        if (repo === '' && commit === '') return 'Name the repository, or the commit that it is about.';
        if (commit !== '' && !/^[0-9a-f]{7,64}$/.test(commit)) return 'A commit is written in 7 to 64 hexadecimal digits.';
        if (!begun && fields.words.trim() === '') return 'Say what was looked at, and what was found.';
        return { done: { kind: 'step', step, commit: commit === '' ? null : commit, repo: repo === '' ? null : repo, files: pathsIn(fields.files) }, reason: orElse(fields.words, 'The expedited test began.') };
      }}
      ask={(fields, change) => (
        <>
          {begun ? null : <Words label="What was looked at, and what was found" value={fields.words} onChange={(words) => change({ words })} testId="step-words" />}
          <PathField label="Repository" hint="Its tag of the version says which commit it is about." choose="folder" value={fields.repo} onChange={(repo) => change({ repo })} testId="step-repo" />
          <details>
            <summary>The commit, where there is no tag yet; files that go with it</summary>
            <Line label="Commit" hint="Left empty, it is the commit of the version’s tag." value={fields.commit} onChange={(commit) => change({ commit })} testId="step-commit" />
            {begun ? null : <Paths label="Files" hint="A report, a log. They are attached by their digest." value={fields.files} onChange={(files) => change({ files })} testId="step-files" />}
          </details>
        </>
      )}
    />
  );
}

/** Why a clock was missed. */
export function BreachForm({ detail, roles, clock, words, onDone, onClose }: ActFormProps & { readonly clock: string; readonly words: string }): ReactElement {
  return (
    <WordsAct
      detail={detail} name={`breach-${clock}`} label={`Say why it was missed: ${words}`} verb="Sign why it was missed" ask="Why it was missed" roles={roles} done={{ kind: 'breach', clock }} onDone={onDone} onClose={onClose}
      after="Afterwards the reason stands beside the breach, for good. The breach stays one."
    />
  );
}

/** Somebody outside was told, as the policy file asks for. */
export function NoticeForm({ detail, roles, notice, words, onDone, onClose }: ActFormProps & { readonly notice: string; readonly words: string }): ReactElement {
  return (
    <WordsAct
      detail={detail} name={`notice-${notice}`} label={`Record the notice: ${words}`} verb="Sign that they were told" ask="Who was told what, and how" roles={roles} done={{ kind: 'notice', notice }} onDone={onDone} onClose={onClose}
      after="Afterwards the clock of this notice is met, at the time of your signature."
    />
  );
}

interface WordsActProps extends ActFormProps {
  readonly name: string;
  readonly label: string;
  readonly verb: string;
  readonly ask: string;
  readonly after: string;
  readonly done: EmergencyDone;
}

/** An act that is words and a signature. */
export function WordsAct({ detail, name, label, verb, ask, after, done, roles, onDone, onClose }: WordsActProps): ReactElement {
  return (
    <EmergencyAct
      record={detail.emergency.record} name={name} label={label} verb={verb} roles={roles} after={after} onDone={onDone} onClose={onClose} blank={{ words: '' }}
      say={(fields) => (fields.words.trim() === '' ? 'Say it in words.' : { done, reason: fields.words.trim() })}
      ask={(fields, change) => <Words label={ask} value={fields.words} onChange={(words) => change({ words })} testId="act-words" />}
    />
  );
}

