import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { SigningKey } from '../../../core/contract/contract.ts';
import type { Artifact } from '../../../core/model/release.ts';
import { SIGNING_STAGES } from '../../../core/model/signing.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { Empty } from '../../components/Empty.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { GateWord } from '../../components/GateWord.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { TallyNumbers, tallyOf } from '../../components/Tally.tsx';
import { baseName, counted, keyId } from '../../components/wording.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { useTaskAt } from '../../frame/task-store.ts';
import { useKeys } from '../../frame/use-keys.ts';
import { blockingOf, openRelease, selectedArtifacts, useOpenRelease } from '../release/release-store.ts';
import { CardInRoom } from './CardInRoom.tsx';
import { asksOf, CoverChoice } from './CoverChoice.tsx';
import { FileTable } from './FileTable.tsx';
import { PassphraseField } from './PassphraseField.tsx';
import { KeyPicker } from './KeyPicker.tsx';
import { RestsOn } from './RestsOn.tsx';
import { compareHeard } from './second-route.ts';
import { SecondRoute } from './SecondRoute.tsx';
import { changeRoom, chosenKey, readKeys, signFiles, useRoom, useSigning, type Checked } from './signing-store.ts';
import { SignedResult } from './SignedResult.tsx';
import styles from './signing.module.css';

/** The signing room: what will be signed, with what, and one button. */
export function SigningScreen({ id }: { readonly id: string }): ReactElement {
  const release = useOpenRelease(id);
  const room = useRoom(id);
  const keys = useSigning((state) => state.keys);
  const card = useSigning((state) => state.card?.card ?? null);
  const task = useTaskAt(addressOf.sign(id));
  const judging = useTaskAt(addressOf.release(id));
  useEffect(() => {
    void openRelease(id);
    void readKeys();
  }, [id]);
  const { assessment, saved } = release;
  const version = saved?.draft.version ?? id;
  useEffect(() => {
    document.title = `Sign ${version} · Countersign`;
  }, [version]);
  useKeys({ Escape: () => (room.signing ? false : goTo(addressOf.release(id, 'artifacts'))) });

  // What became of it stands at the top, and is read out from there.
  const heading = useRef<HTMLHeadingElement>(null);
  const isSigned = room.signed !== null;
  useEffect(() => {
    if (!isSigned) return;
    heading.current?.scrollIntoView({ block: 'end' });
    heading.current?.focus();
  }, [isSigned]);

  const artifacts = selectedArtifacts(release);
  const key = chosenKey(keys, room);
  // Signatures lie best beside what they sign.
  const out = room.out ?? folderOf(assessment?.artifacts[0]?.location) ?? assessment?.draft.outputs[0] ?? '';
  const [passphrase, setPassphrase] = useState('');
  const locked = key !== null && key.file !== null && passphrase === '';
  const heard = compareHeard(room.secondRoute, artifacts);
  const differs = heard.some(({ state }) => state === 'differs');
  const ready = key !== null && artifacts.length > 0 && out.trim() !== '' && assessment !== null && !release.evaluating && !differs && !locked;
  const sign = (): void => {
    if (key === null || assessment === null) return;
    setPassphrase('');
    void signFiles(id, { key, passphrase, files: artifacts, out: out.trim(), version: assessment.report.release, commit: assessment.range.commit });
  };

  return (
    <div className={styles['room']}>
      <header className={styles['bar']}>
        <ButtonLink href={addressOf.release(id, 'artifacts')} kind="quiet"><ArrowLeft aria-hidden="true" />Leave the signing room</ButtonLink>
        <span className={styles['barName']}>Signing room</span>
      </header>
      <div className={styles['sheet']}>
        <h1 ref={heading} tabIndex={-1} className={styles['sentence']}>{room.signed === null ? assessment === null ? `Sign the files of ${version}` : sentence(artifacts, version, saved === null ? null : baseName(saved.draft.repo), key) : signedSentence(room.signed.artifacts.length, version, Object.values(room.checked))}</h1>
        {release.error === null ? null : <ErrorPanel error={release.error} onRetry={() => void openRelease(id)} />}
        {judging === null ? null : <ProgressPanel task={judging} />}
        {room.signed !== null ? <SignedResult id={id} room={room} signed={room.signed} /> : assessment === null ? null : (
          <>
            <div className={styles['standing']}>
              <GateWord gate={assessment.report.gate} closing={blockingOf(assessment.report.results).length} />
              <TallyNumbers words tally={tallyOf(assessment.report.results)} />
              <span className={styles['soft']}>Signing says that these are the bytes. It does not open the gate.</span>
            </div>
            {artifacts.length === 0 ? (
              <Empty action={<ButtonLink href={addressOf.release(id, 'artifacts')}>Choose files</ButtonLink>}>No file is selected.</Empty>
            ) : <FileTable artifacts={artifacts} unseen={room.unseen} disabled={room.signing} onUncover={(name) => changeRoom(id, { unseen: room.unseen.filter((one) => one.name !== name) })} />}
            <SecondRoute
              text={room.secondRoute}
              heard={heard.filter((one) => one.state !== 'not-here' || !room.unseen.some(({ name, sha256 }) => one.name === name && one.sha256 === sha256))}
              disabled={room.signing}
              onChange={(secondRoute) => changeRoom(id, { secondRoute })}
              onCover={(name, sha256) => changeRoom(id, { unseen: [...room.unseen.filter((one) => one.name !== name), { name, sha256 }] })}
            />
            <RestsOn assessment={assessment} signingKey={key} />
            <KeyPicker chosen={key} disabled={room.signing} onChoose={(keyPrint) => changeRoom(id, { keyPrint })} />
            {key === null || key.file === null ? null : <PassphraseField file={key.file} value={passphrase} disabled={room.signing} onChange={setPassphrase} />}
            {key === null ? null : <CardInRoom signingKey={key} />}
            <CoverChoice cover={room.cover} files={artifacts.length} asks={asksOf(key, card)} disabled={room.signing} onChoose={(cover) => changeRoom(id, { cover })} />
            <div className={styles['out']}>
              <PathField
                label="Release folder"
                hint="Each signature (.asc), its checksum (.sha256), SHA256SUMS and its signature are written here; files that lie elsewhere are copied in."
                choose="folder"
                testId="sign-out"
                value={out}
                onChange={(path) => changeRoom(id, { out: path })}
              />
              <label className={controls['choice']}>
                <input type="checkbox" data-testid="replace" checked={room.replace} disabled={room.signing} onChange={(event) => changeRoom(id, { replace: event.target.checked })} />
                Replace signatures and checksums that are there already
              </label>
            </div>
            <div className={styles['standingAct']}>
              {room.error === null ? null : <ErrorPanel error={room.error} />}
              {task === null ? null : (
                <ProgressPanel task={task}>
                  {key?.onCard == null || task.progress?.label !== SIGNING_STAGES.key ? null : <p className={styles['touch']} role="status">{card?.touch === 'on' || card?.touch === 'permanent' ? 'First the PIN, then touch your card' : 'If your card waits, touch it now'}</p>}
                </ProgressPanel>
              )}
              <Button kind="primary" className={styles['sign']} disabled={!ready || room.signing} testId="sign-button" onClick={sign}>
                {room.signing ? `Signing ${counted(artifacts.length, 'file')}` : `Sign ${counted(artifacts.length, 'file')}`}
              </Button>
              <span className={styles['soft']}>{differs ? 'A digest that came by the second route is of no file here: find out why before you sign.' : locked ? 'Type the passphrase of the key first.' : afterwards(ready, key, keys, artifacts.length)}</span>
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function sentence(artifacts: readonly Artifact[], version: string, product: string | null, key: SigningKey | null): string {
  const what = `${counted(artifacts.length, 'file')} of ${product === null ? '' : `${product} `}${version}`;
  return key === null ? `You are about to sign ${what}.` : `You are about to sign ${what} as ${key.users[0] ?? 'a key without a name'}, ${keyId(key.signing ?? key.fingerprint)}.`;
}

/** That it is signed, and at once how many of the files do not verify. */
function signedSentence(files: number, version: string, checked: readonly Checked[]): string {
  const bad = checked.filter((one) => one.state === 'failed' || (one.state === 'done' && one.verification.verdict !== 'good')).length;
  const signed = `${counted(files, 'file')} of ${version} ${files === 1 ? 'is' : 'are'} signed`;
  return bad === 0 ? `${signed}.` : `${signed}, but ${bad} ${bad === 1 ? 'does' : 'do'} not verify.`;
}

/** What will be true afterwards, or what is still missing. */
function afterwards(ready: boolean, key: SigningKey | null, keys: readonly SigningKey[] | null, files: number): string {
  if (ready) return 'Afterwards the archive holds a record of it that cannot be taken back.';
  if (files === 0) return 'Select a file first.';
  if (keys === null) return '';
  if (key === null) return keys.some(({ unusable }) => unusable === null) ? 'Choose a key first.' : 'There is no key that can sign.';
  return 'Name the release folder first.';
}

function folderOf(path: string | undefined): string | null {
  const end = path === undefined ? -1 : Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return path === undefined || end <= 0 ? null : path.slice(0, end);
}
