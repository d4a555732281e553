import { useEffect, type ReactElement } from 'react';
import type { Settings } from '../../../core/contract/contract.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { CopyButton } from '../../components/CopyButton.tsx';
import { PathText } from '../../components/Cut.tsx';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { Screen, Section } from '../../components/Screen.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { counted } from '../../components/wording.ts';
import { refreshStatus, useConsole, type ConsoleStatus } from '../../frame/status-store.ts';
import { set, useSettingsForm } from './settings-store.ts';
import styles from './settings.module.css';

/** How it looks, what it judges by, which archives it knows, and where its data lies. */
export function SettingsScreen(): ReactElement {
  const { settings, status, error } = useConsole();
  const formError = useSettingsForm((state) => state.error);
  useEffect(() => {
    void refreshStatus();
  }, []);
  return (
    <Screen title="Settings" narrow>
      {error === null ? null : <ErrorPanel error={error} />}
      {formError === null ? null : <ErrorPanel error={formError} />}
      {settings === null ? null : (
        <>
          <Looks settings={settings} />
          <IdleLock settings={settings} />
          <PolicyFile settings={settings} />
          <Archives settings={settings} />
        </>
      )}
      {status === null ? null : <About status={status} />}
    </Screen>
  );
}

function Looks({ settings }: { readonly settings: Settings }): ReactElement {
  return (
    <Section title="Appearance">
      <div className={styles['choices']}>
        <Choices legend="Light and dark" name="appearance" chosen={settings.appearance} options={[['system', 'Follow the system'], ['light', 'Light'], ['dark', 'Dark']]} onChoose={(appearance) => void set({ appearance })} />
        <Choices legend="Rows" name="density" chosen={settings.density} options={[['comfortable', 'Comfortable'], ['dense', 'Dense']]} onChoose={(density) => void set({ density })} />
      </div>
    </Section>
  );
}

function Choices<Value extends string>({ legend, name, chosen, options, onChoose }: {
  readonly legend: string; readonly name: string; readonly chosen: Value; readonly options: readonly (readonly [Value, string])[]; readonly onChoose: (value: Value) => void;
}): ReactElement {
  return (
    <fieldset className={styles['group']}>
      <legend className={controls['label']}>{legend}</legend>
      {options.map(([value, words]) => (
        <label key={value} className={controls['choice']}>
          <input type="radio" name={name} data-testid={`${name}-${value}`} checked={chosen === value} onChange={() => onChoose(value)} />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

const IDLE_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 240];

function IdleLock({ settings: { idleMinutes } }: { readonly settings: Settings }): ReactElement {
  const offered = [...new Set([...IDLE_MINUTES, idleMinutes])].sort((a, b) => a - b);
  return (
    <Section title="Lock">
      <div className={controls['field']}>
        <label className={controls['label']} htmlFor="idle-minutes">Lock the window without input after</label>
        <select id="idle-minutes" className={controls['input']} value={idleMinutes} data-testid="idle-minutes" onChange={(event) => void set({ idleMinutes: Number(event.target.value) })}>
          {offered.map((minutes) => <option key={minutes} value={minutes}>{counted(minutes, 'minute')}</option>)}
        </select>
        <p className={controls['hint']}>Only while somebody sits here. Ctrl L locks at once; a signature opens it again.</p>
      </div>
    </Section>
  );
}

function PolicyFile({ settings }: { readonly settings: Settings }): ReactElement {
  const typed = useSettingsForm((state) => state.policyFile);
  const value = typed ?? settings.policyFile ?? '';
  const changed = value !== (settings.policyFile ?? '');
  return (
    <Section title="Policy">
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void set({ policyFile: value.trim() === '' ? null : value.trim() });
        }}
      >
        <PathField label="Policy file" hint="Left empty: GQ-SSDLC-008, which is built in. Another file changes what is looked at; it opens no gate that a roster does not name." choose="file" testId="policy-file" value={value} onChange={(policyFile) => useSettingsForm.setState({ policyFile })} />
        <div className={styles['acts']}>
          <Button type="submit" disabled={!changed}>Set the policy file</Button>
          {settings.policyFile === null ? null : <Button kind="quiet" onClick={() => void set({ policyFile: null })}>Use the built-in policy</Button>}
        </div>
      </form>
    </Section>
  );
}

function Archives({ settings }: { readonly settings: Settings }): ReactElement {
  return (
    <Section title="Shared archives" aside={counted(settings.archives.length, 'archive')}>
      {settings.archives.length === 0 ? <p className={styles['soft']}>None yet: this console is offline by choice. Syncing with a folder, a git remote or a database adds it here.</p> : (
        <ul className={styles['archives']}>
          {settings.archives.map((path) => (
            <li key={path}>
              <PathText path={path} />
              <Button kind="quiet" title="It is no longer offered; what lies there stays." onClick={() => void set({ archives: settings.archives.filter((known) => known !== path) })}>Forget <span className="unseen">{path}</span></Button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function About({ status }: { readonly status: ConsoleStatus }): ReactElement {
  const { product, version, shell, home, platform, node, origin, vkey, archive, gpg, git, roster } = status;
  return (
    <Section title="This console">
      <dl className={styles['pairs']}>
        <dt>Data lies in</dt><dd><PathText path={home} /> <CopyButton text={home} what="the data folder" /></dd>
        <dt>Log</dt><dd>{origin}</dd>
        <dt>Verifier key</dt><dd><code>{vkey}</code> <CopyButton text={vkey} what="the verifier key" /><p className={styles['soft']}>Give it to others by another way than the archive, so that they can verify this console’s log.</p></dd>
        <dt>Archive</dt><dd>{counted(archive.entries, 'entry', 'entries')} in {counted(archive.logs, 'log')}{archive.forks === 0 ? '' : `, ${archive.forks} quarantined`}</dd>
        <dt>Last verified</dt><dd>{archive.lastVerified === null ? 'Never on this machine' : <TimeText time={archive.lastVerified} />}</dd>
        <dt>Last synced</dt><dd>{archive.lastSynced === null ? 'Never' : <TimeText time={archive.lastSynced} />}</dd>
        <dt>Version</dt><dd>{product} {version}, in {shell} on {platform}, Node {node}</dd>
        <dt>GnuPG</dt><dd>{gpg.version ?? 'Not found'}{gpg.problem === null ? '' : `. ${gpg.problem}`}</dd>
        <dt>git</dt><dd>{git.version ?? 'Not found'}{git.problem === null ? '' : `. ${git.problem}`}</dd>
        <dt>Roster</dt><dd>{roster === null ? 'None is held, so authority is read-only: nobody’s approval can be proved here.' : `${roster.roster}, version ${roster.version}. ${roster.problem ?? `In force until ${roster.expires}`}.`}</dd>
      </dl>
    </Section>
  );
}
