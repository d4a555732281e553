import { useState, type ReactElement } from 'react';
import type { Output } from '../../../core/contract/types.ts';
import type { AppError } from '../../../core/model/errors.ts';
import type { DeploymentMethod } from '../../../core/model/plan.ts';
import type { ReleaseDraft } from '../../../core/model/release.ts';
import { Button } from '../../components/Button.tsx';
import controls from '../../components/controls.module.css';
import { ErrorPanel } from '../../components/ErrorPanel.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ProgressPanel } from '../../components/Progress.tsx';
import { shownError } from '../../core-client.ts';
import { addressOf } from '../../frame/routes.ts';
import { runTask, useTaskAt } from '../../frame/task-store.ts';
import { ActForm } from './ActForm.tsx';
import type { Board } from './board-store.ts';
import { CheckedDeployment } from './CheckedDeployment.tsx';
import styles from './deployment.module.css';
import { Choice, Words } from './fields.tsx';
import { useDoer } from './use-doer.tsx';
import { useKept } from './use-kept.ts';
import { byEnvironment, METHODS } from './words.ts';

type Checked = Output<'deployment.check'>;

const BLANK = { environment: 'staging', method: '', lies: 'list', target: '', configuration: '', reason: '' };

/** Begins a deployment: first what lies on the target and what authority there is, then the act itself. */
export function StartForm({ id, draft, board, onClose }: { readonly id: string; readonly draft: ReleaseDraft; readonly board: Board; readonly onClose: (() => void) | undefined }): ReactElement {
  const { fields, change, forget } = useKept(`deploy.${draft.version}`, BLANK);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [checking, setChecking] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const { doer, asker, field, clear } = useDoer();
  const address = addressOf.release(id, 'deployment');
  const task = useTaskAt(address);
  const { environment } = fields;
  const names = [...new Set([...board.rules.environments.map((one) => one.environment), 'staging', 'production'])].sort(byEnvironment);
  const settings = board.rules.environments.find((one) => one.environment === environment)?.settings ?? {};
  const asked = {
    draft, environment, method: environment === 'production' && fields.method !== '' ? (fields.method as DeploymentMethod) : null, target: fields.target.trim(),
    configuration: fields.configuration.trim() === '' ? null : fields.configuration.trim(),
  };
  const put = (some: Partial<typeof BLANK>): void => {
    setChecked(null);
    setError(null);
    change(some);
  };
  const check = async (): Promise<void> => {
    setChecking(true);
    setError(null);
    setChecked(null);
    try {
      setChecked(await runTask('deployment.check', { ...asked, doer: asker }, { label: `Checking what is on ${environment}`, address, done: ({ faults }) => (faults.length === 0 ? 'Nothing speaks against the deployment.' : `${faults.length} things speak against the deployment.`) }));
    } catch (cause) {
      setError(shownError(cause));
    } finally {
      setChecking(false);
    }
  };
  const start = async (unauthorised: string | null): Promise<void> => {
    if (doer === null) return;
    await runTask('deployment.start', { ...asked, doer, unauthorised }, { label: `Deploying to ${environment}`, address, done: ({ deployment }) => `${deployment.id} has begun.` });
    forget();
    clear();
    setChecked(null);
    onClose?.();
  };
  return (
    <div className={styles['start']} data-testid="start-deployment">
      <div className={styles['startFields']}>
        <div className={controls['field']}>
          <label className={controls['label']} htmlFor="deploy-environment">Environment</label>
          <select id="deploy-environment" className={controls['input']} value={environment} data-testid="deploy-environment" onChange={(event) => put({ environment: event.target.value })}>
            {names.map((name) => <option key={name}>{name}</option>)}
          </select>
        </div>
        {environment === 'production' ? (
          <div className={controls['field']}>
            <label className={controls['label']} htmlFor="deploy-method">Method (§9.3)</label>
            <select id="deploy-method" className={controls['input']} value={fields.method} data-testid="deploy-method" onChange={(event) => put({ method: event.target.value })}>
              <option value="">{board.planned === null ? 'Direct: nothing is planned' : `As planned: ${METHODS[board.planned.method].toLowerCase()}`}</option>
              {Object.entries(METHODS).map(([value, words]) => <option key={value} value={value}>{words}</option>)}
            </select>
          </div>
        ) : null}
      </div>
      <Choice label="What lies on the target" options={[['list', 'A list that sha256sum printed there'], ['folder', 'A folder']]} value={fields.lies} onChange={(lies) => put({ lies })} />
      <PathField label="Target" labelUnseen hint="Every artifact there has to be one that was signed for this release, and none may be missing (§5.1.3)." choose={fields.lies === 'folder' ? 'folder' : 'file'} value={fields.target} testId="deploy-target" onChange={(target) => put({ target })} />
      <PathField
        label="Configuration of the target" choose="file" value={fields.configuration} testId="deploy-configuration" onChange={(configuration) => put({ configuration })}
        hint={Object.keys(settings).length === 0 ? 'The policy says nothing of this environment (§8.2); without a file nothing is compared.' : `Compared with §8.2: ${Object.entries(settings).map(([name, value]) => `${name}=${value}`).join(', ')}. Without a file nothing is compared.`}
      />
      <div className={styles['formActs']}>
        <Button kind={checked === null ? 'primary' : 'plain'} disabled={asked.target === '' || checking} testId="check-deployment" onClick={() => void check()}>Check the target and the authority</Button>
        {onClose === undefined ? null : <Button kind="quiet" onClick={onClose}>Leave it</Button>}
        {asked.target === '' ? <span className={styles['wanting']}>Name what lies on the target.</span> : checked === null ? <span className={styles['wanting']}>Nothing is recorded by looking.</span> : null}
      </div>
      {task === null ? null : <ProgressPanel task={task} />}
      {error === null ? null : <ErrorPanel error={error} onRetry={() => void check()} />}
      {checked === null ? null : <CheckedDeployment id={id} checked={checked} />}
      {checked === null ? null : checked.faults.length === 0 ? (
        <ActForm
          label={`Deploy to ${environment}`} verb={`Deploy ${draft.version} to ${environment}`} testId="deploy" wanting={doer === null ? 'It says who deploys.' : null} onSend={() => start(null)}
          after={environment === 'production' ? 'Afterwards it stands in the archive that the deployment has begun, by whom, and by what authority. It cannot be taken back, only rolled back.' : 'Afterwards it stands in the archive that the deployment has begun, and by whom.'}
        >
          {field}
        </ActForm>
      ) : (
        <section className={styles['without']} aria-label="Without authority" data-testid="without-authority">
          <h3>{environment === 'production' ? 'Authority is missing' : 'The target is not what it should be'}</h3>
          <p className={styles['soft']}>
            Change what is said above, and check again. Only what has been deployed all the same is recorded here: {environment === 'production' ? <>as <b>deployed, unauthorised</b>, and {board.rules.rollers.join(' or ') || 'the CTO'} is asked for a finding.</> : 'with what is wrong with it.'}
          </p>
          <ActForm label="Record it without authority" kind="plain" verb={environment === 'production' ? 'Record it as deployed, unauthorised' : 'Record it all the same'} testId="deploy-unauthorised" wanting={fields.reason.trim() === '' ? 'It says why.' : doer === null ? 'It says who deployed.' : null} onSend={() => start(fields.reason.trim())} after="It stays in the archive for good, with everything that was missing.">
            <Words label="Why it was deployed all the same" value={fields.reason} onChange={(reason) => change({ reason })} testId="unauthorised-reason" />
            {field}
          </ActForm>
        </section>
      )}
    </div>
  );
}
