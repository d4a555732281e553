#!/usr/bin/env node
/**
 * Stands in for `aws` in tests: `s3api head-object`, `s3api put-object` and `s3 cp` over a folder of buckets, with what the
 * real one prints and with which it exits. It refuses options that it does not know, as the real one does.
 *
 * AWS_FAKE_S3 is the folder; AWS_FAKE_S3_OLD makes it a tool without conditions; AWS_FAKE_S3_SPOILS changes the bytes of that key when it is read.
 */
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = process.env['AWS_FAKE_S3'] ?? '';
const args = process.argv.slice(2);
appendFileSync(join(folder, 'calls.jsonl'), `${JSON.stringify({ args, environment: Object.keys(process.env).sort() })}\n`);

function fail(code: number, words: string): never {
  process.stderr.write(`\n${words}\n`);
  process.exit(code);
}

const VALUED = new Set(['--bucket', '--key', '--body', '--profile', '--endpoint-url', '--region', ...(process.env['AWS_FAKE_S3_OLD'] === undefined ? ['--if-none-match'] : [])]);
const BARE = new Set(['--no-cli-pager', '--no-progress', '--only-show-errors']);
const options = new Map<string, string>();
const words: string[] = [];
for (let at = 0; at < args.length; at += 1) {
  const word = args[at] ?? '';
  if (!word.startsWith('--')) words.push(word);
  else if (VALUED.has(word)) options.set(word, args[at += 1] ?? '');
  else if (!BARE.has(word)) fail(252, `Unknown options: ${word}, ${args[at + 1] ?? ''}`);
}
if (options.get('--profile') === 'nobody') fail(255, 'The config profile (nobody) could not be found');

const [service, act, from = '', into = ''] = words;
const objectOf = (address: string): string => join(folder, address.slice('s3://'.length));
const spoiled = (key: string): boolean => process.env['AWS_FAKE_S3_SPOILS'] !== undefined && key.endsWith(process.env['AWS_FAKE_S3_SPOILS']);

if (service === 's3api') {
  const object = join(folder, options.get('--bucket') ?? '', options.get('--key') ?? '');
  if (!existsSync(join(folder, options.get('--bucket') ?? ''))) fail(254, 'An error occurred (NoSuchBucket) when calling the operation: The specified bucket does not exist');
  if (act === 'head-object') {
    if (!existsSync(object)) fail(254, 'An error occurred (404) when calling the HeadObject operation: Not Found');
    process.stdout.write(JSON.stringify({ ContentLength: readFileSync(object).length }));
  } else if (act === 'put-object') {
    if (options.get('--if-none-match') === '*' && existsSync(object)) fail(254, 'An error occurred (PreconditionFailed) when calling the PutObject operation: At least one of the pre-conditions you specified did not hold');
    mkdirSync(dirname(object), { recursive: true });
    copyFileSync(options.get('--body') ?? '', object);
  } else fail(252, `argument operation: Found invalid choice '${act ?? ''}'`);
} else if (service === 's3' && act === 'cp') {
  if (into.startsWith('s3://')) {
    mkdirSync(dirname(objectOf(into)), { recursive: true });
    copyFileSync(from, objectOf(into));
  } else {
    if (!existsSync(objectOf(from))) fail(1, `fatal error: An error occurred (404) when calling the HeadObject operation: Key "${from}" does not exist`);
    if (spoiled(from)) writeFileSync(into, 'other bytes');
    else copyFileSync(objectOf(from), into);
  }
} else fail(252, 'aws: error: argument command: Found invalid choice');
