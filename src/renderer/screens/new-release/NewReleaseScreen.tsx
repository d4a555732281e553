import { Plus, X } from 'lucide-react';
import { useEffect, useId, type ReactElement } from 'react';
import { ReleaseType } from '../../../core/model/primitives.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { Screen } from '../../components/Screen.tsx';
import { capital, counted } from '../../components/wording.ts';
import { goTo } from '../../frame/route-store.ts';
import { addressOf } from '../../frame/routes.ts';
import { inspectRepository, openDraft, problemsOf, resetDraft, saveDraft, type, useDraft } from './draft-store.ts';
import styles from './new-release.module.css';

const TYPE_WORDS: Readonly<Record<ReleaseType, string>> = {
  major: 'Breaks what was promised', minor: 'Adds to it', patch: 'Mends it', security: 'Closes a weakness', emergency: 'Cannot wait for the window',
};

/** Loads a release: a repository, its outputs, and what it is called. With an id, changes what was loaded. */
export function NewReleaseScreen({ id }: { readonly id: string | null }): ReactElement {
  const { typed, repositoryError, saving, error, tried } = useDraft();
  const problems = problemsOf(typed);
  useEffect(() => {
    void openDraft(id);
  }, [id]);
  const save = async (form: HTMLFormElement): Promise<void> => {
    const saved = await saveDraft();
    if (saved !== null) goTo(addressOf.release(saved.id));
    // Where something is to be mended, the hand is led there.
    else window.requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <Screen title={id === null ? 'Load a release' : `Change what is loaded for ${id}`} narrow lead="The repository and the outputs are read, never changed; nothing that they configure is run.">
      <form
        className={styles['form']}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save(event.currentTarget);
        }}
      >
        <PathField
          label="Repository"
          hint="Folder of the git repository. Type it, choose it, or drop it here."
          choose="folder"
          testId="repository-path"
          value={typed.repo}
          error={tried ? problems.repo : null}
          onChange={(repo) => type({ repo })}
          onCommit={(repo) => void inspectRepository(repo.trim())}
        />
        {repositoryError === null ? <RepositoryFacts /> : <ErrorPanel error={repositoryError} />}
        <OutputFields problem={tried ? problems.outputs : null} />
        <VersionField problem={tried ? problems.version : null} />
        <TypeChoices />
        <SinceField />
        {error === null ? null : <ErrorPanel error={error} />}
        <div className={styles['acts']}>
          <Button type="submit" kind="primary" disabled={saving} testId="save-release">{id === null ? 'Load the release' : 'Save and check again'}</Button>
          <Button kind="quiet" onClick={() => void resetDraft()}>{id === null ? 'Clear the form' : 'Undo the changes'}</Button>
          <ButtonLink href={id === null ? addressOf.releases : addressOf.release(id)} kind="quiet">{id === null ? 'Back to releases' : 'Back to the release'}</ButtonLink>
        </div>
      </form>
    </Screen>
  );
}

/** What the repository says of itself. */
function RepositoryFacts(): ReactElement | null {
  const repository = useDraft((state) => state.repository);
  if (repository === null) return null;
  const { branch, head, tags, bare, shallow } = repository;
  return (
    <p className={styles['facts']}>
      {branch === null ? 'No branch is checked out' : <>On branch <code>{branch}</code></>}
      {head === null ? '; it has no commit yet' : <> at <code title={head}>{head.slice(0, 7)}</code></>}
      {`; ${tags.length === 0 ? 'no release tag' : counted(tags.length, 'release tag')}`}
      {tags[0] === undefined ? null : <>, newest <code>{tags[0].name}</code></>}
      {bare ? '; bare, so it has no work tree' : ''}
      {shallow ? '; shallow, so its history is cut' : ''}.
    </p>
  );
}

function OutputFields({ problem }: { readonly problem: string | null }): ReactElement {
  const outputs = useDraft((state) => state.typed.outputs);
  const suggested = useDraft((state) => state.repository?.suggestedOutputs) ?? [];
  const change = (index: number, path: string): void => type({ outputs: outputs.map((known, at) => (at === index ? path : known)) });
  const offered = suggested.filter((path) => !outputs.includes(path));
  return (
    <fieldset className={styles['group']}>
      <legend className={controls['label']}>Outputs</legend>
      <p className={controls['hint']}>Folders with what was built and what tools reported of it: archives, test reports, scans, SBOM.</p>
      {outputs.map((path, index) => (
        <div key={index} className={styles['output']} data-many={outputs.length > 1}>
          <PathField
            label={outputs.length === 1 ? 'Outputs folder' : `Outputs folder ${index + 1}`}
            labelUnseen
            choose="folder"
            testId={index === 0 ? 'outputs-path' : `outputs-path-${index + 1}`}
            value={path}
            onChange={(value) => change(index, value)}
          />
          {outputs.length === 1 ? null : (
            <Button kind="quiet" aria-label={`Remove outputs folder ${index + 1}`} title="Remove this folder" onClick={() => type({ outputs: outputs.filter((_, at) => at !== index) })}>
              <X aria-hidden="true" />
            </Button>
          )}
        </div>
      ))}
      <div className={styles['offers']}>
        <Button onClick={() => type({ outputs: [...outputs, ''] })}><Plus aria-hidden="true" />Add a folder</Button>
        {offered.map((path) => (
          <Button key={path} kind="quiet" title={path} onClick={() => type({ outputs: [...outputs.filter((known) => known !== ''), path] })}>
            <Plus aria-hidden="true" /><span className={styles['offer']}>{path}</span>
          </Button>
        ))}
      </div>
      {problem === null ? null : <p className={controls['wrong']}>{problem}</p>}
    </fieldset>
  );
}

function VersionField({ problem }: { readonly problem: string | null }): ReactElement {
  const version = useDraft((state) => state.typed.version);
  const tags = useDraft((state) => state.repository?.tags);
  const id = useId();
  const tagged = tags?.some(({ name }) => name === version.trim()) === true;
  return (
    <div className={controls['field']}>
      <label htmlFor={id} className={controls['label']}>Version</label>
      <input
        id={id} data-testid="version" className={`${controls['input'] ?? ''} ${styles['short'] ?? ''}`} value={version} placeholder="v1.1.0" list={`${id}-tags`}
        aria-invalid={problem !== null} aria-describedby={`${id}-about`} autoComplete="off" spellCheck={false} onChange={(event) => type({ version: event.target.value })}
      />
      <datalist id={`${id}-tags`}>{tags?.slice(0, 50).map(({ name }) => <option key={name} value={name} />)}</datalist>
      <p id={`${id}-about`} className={problem === null ? controls['hint'] : controls['wrong']}>
        {problem ?? (tags === undefined || version.trim() === '' ? 'A tag of this name is judged; without one, HEAD is.' : tagged ? 'The tag of this name is judged.' : 'No tag has this name, so HEAD is judged.')}
      </p>
    </div>
  );
}

function TypeChoices(): ReactElement {
  const declared = useDraft((state) => state.typed.declared);
  return (
    <fieldset className={styles['group']}>
      <legend className={controls['label']}>Types</legend>
      <p className={controls['hint']}>What you declare; what the version and the commits say is added, and the union rules.</p>
      <div className={styles['types']}>
        {ReleaseType.options.map((kind) => (
          <label key={kind} className={controls['choice']} title={TYPE_WORDS[kind]}>
            <input
              type="checkbox"
              checked={declared.includes(kind)}
              onChange={(event) => type({ declared: event.target.checked ? [...declared, kind] : declared.filter((known) => known !== kind) })}
            />
            {capital(kind)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function SinceField(): ReactElement {
  const since = useDraft((state) => state.typed.since);
  const tags = useDraft((state) => state.repository?.tags);
  const id = useId();
  return (
    <div className={controls['field']}>
      <label htmlFor={id} className={controls['label']}>Since</label>
      <input
        id={id} data-testid="since" className={`${controls['input'] ?? ''} ${styles['short'] ?? ''}`} value={since} list={`${id}-tags`} placeholder="The release before this one"
        aria-describedby={`${id}-about`} autoComplete="off" spellCheck={false} onChange={(event) => type({ since: event.target.value })}
      />
      <datalist id={`${id}-tags`}>{tags?.slice(0, 50).map(({ name }) => <option key={name} value={name} />)}</datalist>
      <p id={`${id}-about`} className={controls['hint']}>Tag or commit of the last release. Left empty: the newest release tag before this one.</p>
    </div>
  );
}
