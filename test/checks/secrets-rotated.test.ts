import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSecretInventory } from '../../src/core/checks/secret-inventory.ts';
import type { Status } from '../../src/core/model/verdict.ts';
import { judge } from './facts.ts';
import { text } from './range-facts.ts';

const INVENTORY = 'security/secrets-inventory.yaml';
const inventory = (content: string, path = INVENTORY) => ({ documents: [text(path, content)] });
const entry = (name: string, rotated: string, more = ''): string => `  - name: ${name}\n    rotated: ${rotated}\n${more}`;

// Judged as of 2026-01-12.
describe('secrets-rotated', () => {
  test.each<[name: string, content: string, status: Status, says: RegExp]>([
    ['rotated in time', `secrets:\n${entry('production database password', '2025-12-01')}`, 'passed', /1 secret rotated in time \(every 92 days/],
    ['overdue', `secrets:\n${entry('a', '2025-09-01')}${entry('b', '2026-01-01')}`, 'failed', /1 of 2 secrets is due for rotation: a/],
    ['on its last day', `secrets:\n${entry('a', '2025-10-12')}`, 'passed', /./],
    ['a day beyond', `secrets:\n${entry('a', '2025-10-11')}`, 'failed', /./],
    ['with a longer period of its own', `secrets:\n${entry('a', '2025-09-01', '    every_days: 365\n')}`, 'passed', /./],
    ['rotated in time to come', `secrets:\n${entry('a', '2026-02-01')}`, 'failed', /due for rotation/],
    ['none listed', 'secrets: []\n', 'missing', /lists none/],
    ['with a field for a value', `secrets:\n${entry('a', '2026-01-01', '    value: hunter2\n')}`, 'failed', /secrets\.0\.value seems to hold a secret itself/],
    ['with a token in its words', `secrets:\n${entry('a', '2026-01-01', '    note: ghp_abcdefghijklmnopqrstuvwxyz0123456789\n')}`, 'failed', /secrets\.0\.note seems to hold/],
    ['with a password in an address', `secrets:\n${entry('a', '2026-01-01', '    where: postgres://app:hunter2@db/x\n')}`, 'failed', /seems to hold/],
    ['with a date that is none', `secrets:\n${entry('a', '2026-02-31')}`, 'broken', /rotated/],
    ['with a field that nobody knows', `secrets:\n${entry('a', '2026-01-01', '    colour: red\n')}`, 'broken', /colour/],
    ['with one secret twice', `secrets:\n${entry('a', '2026-01-01')}${entry('a', '2026-01-02')}`, 'broken', /twice/],
    ['not YAML', 'secrets: [', 'broken', /not YAML/],
    ['of another form', '- a\n- b\n', 'broken', /./],
  ])('%s', (_, content, status, says) => {
    const result = judge('secrets-rotated', inventory(content));
    expect({ status: result.status, summary: result.summary }).toMatchObject({ status });
    expect(result.summary).toMatch(says);
    expect(JSON.stringify(result)).not.toMatch(/hunter2|ghp_/);
  });

  test('no inventory', () => {
    expect(judge('secrets-rotated')).toMatchObject({ status: 'missing', remedy: expect.stringContaining('never its value') as string });
  });

  test('JSON is an inventory as well', () => {
    expect(judge('secrets-rotated', inventory('{"secrets":[{"name":"a","rotated":"2026-01-01"}]}', 'secret-inventory.json')).status).toBe('passed');
  });

  test('no text makes it throw, and names of people’s making are no values', () => {
    fc.assert(fc.property(fc.string(), (content) => {
      readSecretInventory(content);
    }));
    for (const name of ['production-database-password', 'arn of the KMS key in eu-central-1', 'STRIPE_WEBHOOK_SIGNING_SECRET', 'github.com/example/tariff deploy key', 'InternalPaymentProviderClientSecret']) {
      expect(readSecretInventory(`secrets:\n${entry(JSON.stringify(name), '2026-01-01')}`), name).toHaveProperty('secrets');
    }
    for (const value of ['AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', '5f4dcc3b5aa765d61d8327deb882cf99', '-----BEGIN RSA PRIVATE KEY-----']) {
      expect(readSecretInventory(`secrets:\n${entry(JSON.stringify(value), '2026-01-01')}`), value).toMatchObject({ holdsValues: true });
    }
  });
});
