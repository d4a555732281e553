import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_CHECKPOINT_BYTES } from '../../src/core/archive/checkpoint.ts';
import type { ArchivePort } from '../../src/core/service/archive-port.ts';
import { drift, openTestArchive, quietWork, temporaryFolder } from './archives.ts';

const formats = ['tiles', 'jsonl'] as const;

describe.each(formats)('an export as %s', { timeout: 120_000 }, (format) => {
  it('is good with its key, and of an unknown key without', async () => {
    const { archive, out } = await exported(format, 600);
    expect(await archive.verifyExport(out, [], quietWork)).toMatchObject({ verdict: 'good', entries: 600, problems: [] });
    const stranger = await openTestArchive();
    expect(await stranger.verifyExport(out, [], quietWork)).toMatchObject({ verdict: 'key-unknown', logs: [{ origin: archive.origin, size: 600 }] });
    expect((await stranger.verifyExport(out, [`${archive.vkey}\n`], quietWork)).verdict).toBe('good');
    await expect(stranger.verifyExport(out, ['nonsense'], quietWork)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('of an empty log is good', async () => {
    const { archive, out } = await exported(format, 0);
    expect(await archive.verifyExport(out, [], quietWork)).toMatchObject({ verdict: 'good', entries: 0, problems: [] });
  });

  it('is bad after any byte of it was changed, with the place named', async () => {
    const { archive, out } = await exported(format, 3);
    for (const file of filesOf(out)) {
      const path = join(out, file);
      const whole = readFileSync(path);
      for (let at = 0; at < whole.length; at += 1) {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        writeFileSync(path, changed);
        const { verdict, problems } = await archive.verifyExport(out, [archive.vkey], quietWork);
        expect(verdict, `${file} byte ${at}`).toBe('bad');
        expect(problems.every(({ place }) => place?.startsWith(archive.origin)), `${file} byte ${at}`).toBe(true);
      }
      writeFileSync(path, whole);
    }
    expect((await archive.verifyExport(out, [], quietWork)).verdict).toBe('good');
  });

  it('is bad after any file of it was cut, lengthened, emptied or taken away', async () => {
    const { archive, out } = await exported(format, 260);
    for (const file of filesOf(out)) {
      const path = join(out, file);
      const whole = readFileSync(path);
      const spoilings: (() => void)[] = [
        () => truncateSync(path, whole.length - 1), () => truncateSync(path, 0), () => writeFileSync(path, Buffer.concat([whole, whole.subarray(0, 1)])),
        () => writeFileSync(path, Buffer.concat([whole, whole])), () => rmSync(path),
      ];
      for (const [at, spoil] of spoilings.entries()) {
        spoil();
        expect((await archive.verifyExport(out, [], quietWork)).verdict, `${file}, spoiling ${at}`).toBe('bad');
        writeFileSync(path, whole);
      }
    }
  });

  it('is bad with a file too many', async () => {
    const { archive, out } = await exported(format, 3);
    const inLog = [join(out, archive.origin, 'tile', '1', '000.p', '1'), join(out, archive.origin, 'tile', '0', '000.p', '4'), join(out, archive.origin, 'checkpoint~'), join(out, 'README')];
    for (const path of inLog) {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, 'x');
      const { verdict, problems } = await archive.verifyExport(out, [], quietWork);
      expect(verdict, path).toBe('bad');
      expect(problems.map(({ code }) => code)).toContain('unknown-file');
      rmSync(path);
    }
  });

  it.skipIf(process.platform === 'win32')('is bad with a link in it, even to its own bytes', async () => {
    const { archive, out } = await exported(format, 3);
    for (const file of filesOf(out)) {
      const path = join(out, file);
      renameSync(path, join(out, '..', 'moved'));
      symlinkSync(join(out, '..', 'moved'), path);
      const { verdict, problems } = await archive.verifyExport(out, [], quietWork);
      expect(verdict, file).toBe('bad');
      expect(problems[0]).toMatchObject({ code: 'refused', place: file });
      rmSync(path);
      renameSync(join(out, '..', 'moved'), path);
    }
  });

  it('is written whole into a new or empty folder only', async () => {
    const archive = await openTestArchive();
    const parent = temporaryFolder();
    mkdirSync(join(parent, 'empty'));
    expect(await archive.exportTo(format, join(parent, 'empty'), quietWork)).toMatchObject({ logs: 1, entries: 0 });
    await expect(archive.exportTo(format, join(parent, 'empty'), quietWork)).rejects.toMatchObject({ code: 'already-exists' });
    writeFileSync(join(parent, 'file'), '');
    await expect(archive.exportTo(format, join(parent, 'file'), quietWork)).rejects.toMatchObject({ code: 'already-exists' });
    await expect(archive.exportTo(format, join(parent, 'no', 'where'), quietWork)).rejects.toMatchObject({ code: 'not-found' });
    await expect(archive.exportTo(format, join(parent, 'new'), { ...quietWork, signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
    expect(readdirSync(parent).sort()).toEqual(['empty', 'file']);
  });
});

describe('verifying an export', () => {
  it('refuses a folder that is none', async () => {
    const archive = await openTestArchive();
    await expect(archive.verifyExport(join(temporaryFolder(), 'nowhere'), [], quietWork)).rejects.toMatchObject({ code: 'not-found' });
    expect(await archive.verifyExport(temporaryFolder(), [], quietWork)).toMatchObject({ verdict: 'bad', problems: [{ code: 'empty' }] });
  });

  it('is bad where the key beside a log is not the one that is known for it', async () => {
    const { archive, out } = await exported('tiles', 3);
    const impostor = await openTestArchive({ origin: archive.origin });
    const { verdict, problems } = await impostor.verifyExport(out, [], quietWork);
    expect(verdict).toBe('bad');
    expect(problems[0]).toMatchObject({ code: 'verification-failed', place: `${archive.origin}/vkey` });
    expect((await (await openTestArchive()).verifyExport(out, [impostor.vkey], quietWork)).verdict).toBe('bad');
  });

  it('is bad for a whole log that another key signed anew', async () => {
    const { archive, out } = await exported('tiles', 3);
    const impostor = await openTestArchive({ origin: archive.origin });
    await impostor.appendRecords([drift(7)]);
    await impostor.exportTo('tiles', join(out, '..', 'forged'), quietWork);
    expect((await archive.verifyExport(join(out, '..', 'forged'), [], quietWork)).verdict).toBe('bad');
  });

  it('refuses a file that is larger than it can be', async () => {
    const { archive, out } = await exported('tiles', 3);
    writeFileSync(join(out, archive.origin, 'checkpoint'), Buffer.alloc(MAX_CHECKPOINT_BYTES + 1, 'x'));
    const { verdict, problems } = await archive.verifyExport(out, [], quietWork);
    expect(verdict).toBe('bad');
    expect(problems[0]?.code).toBe('too-large');
  });

  it('takes partial tiles that an earlier state left, where they are right', async () => {
    const { archive, out } = await exported('tiles', 3);
    await archive.appendRecords([drift(3)]);
    const later = join(out, '..', 'later');
    await archive.exportTo('tiles', later, quietWork);
    cpSync(join(out, archive.origin, 'tile'), join(later, archive.origin, 'tile'), { recursive: true });
    expect((await archive.verifyExport(later, [], quietWork)).verdict).toBe('good');
    writeFileSync(join(later, archive.origin, 'tile', '0', '000.p', '3'), Buffer.alloc(96));
    expect((await archive.verifyExport(later, [], quietWork)).verdict).toBe('bad');
  });
});

async function exported(format: 'tiles' | 'jsonl', entries: number): Promise<{ archive: ArchivePort; out: string }> {
  const archive = await openTestArchive();
  await archive.appendRecords(Array.from({ length: entries }, (_, at) => drift(at)));
  const out = join(temporaryFolder(), 'export');
  await archive.exportTo(format, out, quietWork);
  return { archive, out };
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name).slice(folder.length + 1).replaceAll('\\', '/'));
}
