import picomatch from 'picomatch';
import type { VerdictFinding } from '../model/verdict.ts';
import type { Check, Facts } from './check.ts';
import { counted, failed, missing, passed } from './judging.ts';
import { brokenFor, documentRefs, named, pathOf } from './range-files.ts';
import { readSecretInventory, type InventoriedSecret } from './secret-inventory.ts';

const DAY = 24 * 60 * 60 * 1000;

/**
 * §3.5 “Secrets rotated (if needed)”: by the inventory in the commit, which names secrets and the day of their last
 * rotation, none is overdue at the moment of judging (§5.2.1: quarterly). Values are never read.
 */
export const secretsRotated: Check = {
  id: 'secrets-rotated',
  evaluate: (facts, policy) => {
    const { secret_inventory_files, secret_rotation_days } = policy.parameters;
    const matches = picomatch([...secret_inventory_files.value], { dot: true });
    const kept = facts.documents.filter((document) => matches(pathOf(document)));
    const places = secret_inventory_files.value.join(', ');
    const remedy = `Commit an inventory of the secrets, each with its name and the day on which it was last rotated, never its value (${places}; countersign explain secrets-rotated shows one).`;
    if (kept.length === 0) return missing([`an inventory of the secrets in the commit (${places})`], remedy);
    const evidence = documentRefs(kept);
    const read = kept.map((document) => ({ path: pathOf(document), inventory: readSecretInventory(document.text) }));
    for (const { path, inventory } of read) {
      if (!('problem' in inventory)) continue;
      if (inventory.holdsValues) {
        return failed(`${path} is refused: ${inventory.problem}`, 'Take the value out of the inventory and out of the history, and rotate that secret: whoever has the repository has it.', evidence);
      }
      return brokenFor(`${path}: ${inventory.problem}`, remedy, evidence);
    }
    const secrets = read.flatMap(({ path, inventory }) => ('secrets' in inventory ? inventory.secrets.map((secret) => ({ path, secret })) : []));
    if (secrets.length === 0) return missing([`secrets in ${named(read.map(({ path }) => path))}, which lists none`], remedy, evidence);
    const faults = secrets.flatMap(({ path, secret }): { readonly name: string; readonly finding: VerdictFinding }[] => {
      const title = faultOf(secret, facts, secret_rotation_days.value);
      return title === null ? [] : [{ name: secret.name, finding: { severity: null, title: `${secret.name}: ${title}`, where: path, evidence: `repository:${path}` } }];
    });
    if (faults.length > 0) {
      return failed(
        `${faults.length} of ${counted(secrets.length, 'secret')} ${faults.length === 1 ? 'is' : 'are'} due for rotation: ${named(faults.map(({ name }) => name))}`,
        'Rotate what is due, and write the day into the inventory.', evidence, faults.map(({ finding }) => finding),
      );
    }
    return passed(`${counted(secrets.length, 'secret')} rotated in time (every ${secret_rotation_days.value} days where the inventory does not say)`, evidence);
  },
};

function faultOf({ rotated, everyDays }: InventoriedSecret, { at }: Facts, houseDays: number): string | null {
  const age = Math.floor((Date.parse(at) - Date.parse(`${rotated}T00:00:00Z`)) / DAY);
  // A day of grace: the writer's calendar may be ahead of UTC.
  if (age < -1) return `said to be rotated on ${rotated}, which is still to come`;
  const days = everyDays ?? houseDays;
  return age > days ? `last rotated on ${rotated}, ${counted(age - days, 'day')} beyond the ${days} that it lasts` : null;
}
