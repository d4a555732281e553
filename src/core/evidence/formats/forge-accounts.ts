import type { ForgeAccount } from '../../model/evidence.ts';
import { isObject, member, text } from '../json.ts';

const BOT = /(?:\[bot\]|-bot|^app\/|^dependabot|^renovate|^github-actions|^project_\d+_bot)/i;

/** Somebody as an export names them; null where it names nobody. */
export function accountOf(value: unknown): ForgeAccount | null {
  if (!isObject(value)) return null;
  const inner = member(value, 'user');
  const login = text(member(value, 'login')) ?? text(member(value, 'username')) ?? text(member(inner, 'login')) ?? text(member(inner, 'username')) ?? '';
  const email = text(member(value, 'email')) ?? text(member(value, 'publicEmail')) ?? text(member(value, 'public_email'));
  const name = text(member(value, 'name')) ?? text(member(inner, 'name'));
  if (login === '' && (email === null || email === '')) return null;
  const said = member(value, 'is_bot') === true || member(value, 'bot') === true || member(value, 'type') === 'Bot' || member(value, '__typename') === 'Bot';
  return { login: login.replace(/^app\//, '').slice(0, 300), name: name === '' ? null : (name?.slice(0, 300) ?? null), email: email === '' ? null : (email?.slice(0, 300) ?? null), bot: said || BOT.test(login) };
}

export const NOBODY: ForgeAccount = { login: '', name: null, email: null, bot: false };

/** The same where the answer holds them all: one page of several says nothing of the others, and is null. */
export function wholeNodesOf(value: unknown): readonly unknown[] | null {
  const nodes = nodesOf(value);
  const total = member(value, 'totalCount') ?? member(value, 'count');
  const pages = member(value, 'pageInfo');
  const partial = member(pages, 'hasNextPage') === true || member(pages, 'hasPreviousPage') === true || (typeof total === 'number' && nodes !== null && total > nodes.length);
  return partial ? null : nodes;
}

/** The nodes of a GraphQL connection, or of a plain list; null where there is neither. */
export function nodesOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value as readonly unknown[];
  const nodes = member(value, 'nodes');
  if (Array.isArray(nodes)) return nodes as readonly unknown[];
  const edges = member(value, 'edges');
  return Array.isArray(edges) ? (edges as readonly unknown[]).map((edge) => member(edge, 'node')) : null;
}
