import { describe, expect, it } from 'vitest';
import type { Archive } from '../../src/main/adapters/sqlite/open-archive.ts';
import { drift, everything, importText, openTestArchive } from './archives.ts';

const signature = { fingerprint: 'A'.repeat(40), asc: '-----BEGIN PGP SIGNATURE-----\n' };

describe('a composed entry', () => {
  it('carries references, attachments and signatures, all under one checkpoint', async () => {
    const archive: Archive = await openTestArchive();
    const [first] = await archive.append([{ record: drift(0) }]);
    const ref = { rel: 'corrects', origin: archive.origin, seq: 0, leaf: first?.leaf ?? '' };
    const attachments = [{ name: 'why.txt', size: 3, sha256: 'b'.repeat(64) }];
    const appended = await archive.append([{ record: { event_type: 'correction' }, refs: [ref], attachments, signatures: [signature] }, { record: drift(1) }]);
    expect(appended.map(({ seq }) => seq)).toEqual([1, 2]);
    expect((await archive.show('1')).entry).toMatchObject({ refs: [ref], attachments, signatures: [signature] });
    expect(await archive.append([])).toEqual([]);
  });

  it('with a reference to nothing undoes all that came with it', async () => {
    const archive = await openTestArchive();
    const ref = { rel: 'corrects', origin: archive.origin, seq: 7, leaf: 'c'.repeat(64) };
    await expect(archive.append([{ record: drift(0) }, { record: drift(1), refs: [ref] }])).rejects.toMatchObject({ code: 'not-found' });
    expect((await archive.list(everything)).total).toBe(0);
  });
});

describe('the person behind an entry', () => {
  const drafts = [{ record: { event_type: 'approval' }, signatures: [signature] }, { record: { event_type: 'approval' } }, { record: drift(0), signatures: [signature] }];

  it('is proven by whoever verifies signatures, and asked for only where one is needed', async () => {
    const asked: number[] = [];
    const archive = await openTestArchive({ verifyPerson: async ({ seq }) => asked.push(seq) > 0 });
    await archive.append(drafts);
    expect((await archive.list(everything)).entries.map(({ seq, person }) => [seq, person])).toEqual([[2, 'not-needed'], [1, 'not-proven'], [0, 'proven']]);
    expect((await archive.show('0')).person).toBe('proven');
    expect(asked).toEqual([0, 0]);
  });

  it('is not proven where the signature does not verify, or nobody looks', async () => {
    const doubting = await openTestArchive({ verifyPerson: async () => false });
    const blind = await openTestArchive();
    for (const archive of [doubting, blind]) {
      await archive.append(drafts);
      expect((await archive.show('0')).person).toBe('not-proven');
    }
  });
});

describe('an import', () => {
  it('is bounded by line, and may begin with a byte order mark', async () => {
    const archive = await openTestArchive();
    await expect(importText(archive, `${JSON.stringify(drift(0))}\n{"event_type":"drift","x":"${'y'.repeat(400_000)}"}\n`, 'a.jsonl')).rejects.toMatchObject({ code: 'too-large', message: expect.stringContaining('a.jsonl:2') });
    expect(await importText(archive, `\ufeff${JSON.stringify(drift(0))}\r\n`, 'a.jsonl')).toHaveLength(1);
  });
});
