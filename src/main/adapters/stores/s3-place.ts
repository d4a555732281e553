import { AppError } from '../../../core/model/errors.ts';
import { stat } from 'node:fs/promises';
import type { ArtifactPlace } from '../../../core/service/store-artifacts.ts';
import { runAws, type AwsResult } from './run-aws.ts';

const ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([A-Za-z0-9!_.*'()/+=@:-]*))?$/;
/** A single request takes no more; larger files go in parts. */
const SINGLE_BYTES = 5 * 1024 * 1024 * 1024;

export interface AwsOptions {
  readonly profile: string | null;
  readonly endpoint: string | null;
  readonly region: string | null;
}

export function isS3(to: string): boolean {
  return to.startsWith('s3://');
}

/** An artifact repository that speaks S3, reached by the `aws` tool and its own configuration. Errors: `bad-input`, `environment`. */
export function openS3Place(to: string, version: string, options: AwsOptions | null, signal: AbortSignal): ArtifactPlace {
  const [, bucket, prefix = ''] = ADDRESS.exec(to) ?? [];
  if (bucket === undefined || prefix.split('/').some((part) => part === '..' || part === '.')) throw new AppError('bad-input', `${to} is no address of a bucket.`, { hint: 'Write s3://BUCKET or s3://BUCKET/PREFIX.' });
  const common = [...option('--profile', options?.profile), ...option('--endpoint-url', options?.endpoint), ...option('--region', options?.region), '--no-cli-pager'];
  const keyOf = (name: string): string => [...prefix.split('/').filter((part) => part !== ''), version, name].join('/');
  const addressOf = (name: string): string => `s3://${bucket}/${keyOf(name)}`;
  return {
    place: addressOf('').replace(/\/$/, ''),
    has: async (name) => {
      const result = await runAws(['s3api', 'head-object', '--bucket', bucket, '--key', keyOf(name), ...common], signal);
      if (result.code === 0) return true;
      if (/\b404\b|Not Found|NoSuchKey/i.test(result.said)) return false;
      throw failure(`It could not be asked whether ${addressOf(name)} is there`, result);
    },
    put: async (name, file) => {
      if ((await stat(file)).size <= SINGLE_BYTES) {
        const result = await runAws(['s3api', 'put-object', '--bucket', bucket, '--key', keyOf(name), '--body', file, '--if-none-match', '*', ...common], signal);
        if (result.code === 0) return 'atomic';
        if (/PreconditionFailed|\b412\b/i.test(result.said)) throw new AppError('already-exists', `${addressOf(name)} was put there meanwhile by somebody else, so it is left as it is.`, { hint: 'Look who stores this version too, then try again.' });
        // An older tool does not know the condition, and not every repository does.
        if (!/Unknown options|NotImplemented|\b501\b/i.test(result.said)) throw failure(`${name} could not be uploaded to ${addressOf(name)}`, result);
      }
      const result = await runAws(['s3', 'cp', file, addressOf(name), '--no-progress', '--only-show-errors', ...common], signal);
      if (result.code !== 0) throw failure(`${name} could not be uploaded to ${addressOf(name)}`, result);
      return 'looked';
    },
    get: async (name, file) => {
      const result = await runAws(['s3', 'cp', addressOf(name), file, '--no-progress', '--only-show-errors', ...common], signal);
      if (result.code !== 0) throw failure(`${addressOf(name)} could not be read back`, result);
    },
  };
}

function option(name: string, value: string | null | undefined): string[] {
  return value === null || value === undefined ? [] : [name, value];
}

function failure(what: string, { code, said }: AwsResult): AppError {
  const last = said.split('\n').at(-1) ?? '';
  return new AppError('environment', `${what}: ${last === '' ? `aws ended with ${code ?? 'a signal'} and said nothing` : last.slice(0, 500)}`, { hint: 'Try the same with aws itself: its configuration, its credentials and the network are its own.', details: { exit: code } });
}
