import type { ReactElement } from 'react';
import type { ProofPath } from '../../../core/contract/contract.ts';
import { counted, numbered } from '../../components/wording.ts';
import styles from './proof.module.css';

const WIDTH = 540;
const CENTRE = WIDTH / 2;
const STEP = 62;
const BOX = { width: 152, height: 36 } as const;
/** How far a sibling stands to the side of the path. */
const ASIDE = 186;

/**
 * The path from a leaf, at the bottom, to the root of its log: at each step the sibling that the proof gives, on its
 * side, and what both come to. The same stands in words beneath.
 */
export function ProofDrawing({ path }: { readonly path: ProofPath }): ReactElement {
  const { index, size, leaf, root, steps, holds } = path;
  const height = steps.length * STEP + BOX.height + 24;
  const rowOf = (level: number): number => height - 12 - BOX.height / 2 - level * STEP;
  return (
    <svg className={styles['drawing']} viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={`The path from entry ${index} up to the root of ${counted(size, 'entry', 'entries')}, in ${counted(steps.length, 'step')}; it ${holds ? 'comes' : 'does not come'} to the signed root.`} data-testid="proof-drawing">
      {steps.map(({ side, parent }, level) => {
        const x = side === 'left' ? CENTRE - ASIDE : CENTRE + ASIDE;
        const joint = rowOf(level) - STEP / 2;
        return (
          <g key={parent}>
            <path className={styles['edge']} data-path="true" d={`M${CENTRE} ${rowOf(level)}V${rowOf(level + 1)}`} />
            <path className={styles['edge']} d={`M${x} ${rowOf(level)}V${joint}H${CENTRE}`} />
          </g>
        );
      })}
      {steps.map(({ side, sibling, first, last, parent }, level) => (
        <g key={parent}>
          <Node x={side === 'left' ? CENTRE - ASIDE : CENTRE + ASIDE} y={rowOf(level)} hash={sibling} words={first === last ? `entry ${numbered(first)}` : `entries ${numbered(first)}–${numbered(last)}`} kind="given" />
          {level + 1 === steps.length ? null : <Node x={CENTRE} y={rowOf(level + 1)} hash={parent} words="computed" kind="computed" />}
        </g>
      ))}
      <Node x={CENTRE} y={rowOf(0)} hash={leaf} words={steps.length === 0 ? 'this entry, and the root' : `this entry, ${numbered(index)}`} kind="leaf" />
      {steps.length === 0 ? null : <Node x={CENTRE} y={rowOf(steps.length)} hash={steps.at(-1)?.parent ?? root} words={holds ? 'the signed root' : 'not the signed root'} kind={holds ? 'root' : 'broken'} />}
    </svg>
  );
}

function Node({ x, y, hash, words, kind }: { readonly x: number; readonly y: number; readonly hash: string; readonly words: string; readonly kind: 'leaf' | 'given' | 'computed' | 'root' | 'broken' }): ReactElement {
  return (
    <g className={styles['node']} data-kind={kind}>
      <title>{hash}</title>
      <rect x={x - BOX.width / 2} y={y - BOX.height / 2} width={BOX.width} height={BOX.height} rx={kind === 'leaf' ? 2 : 8} />
      <text className={styles['hash']} x={x} y={y - 2} textAnchor="middle">{hash.slice(0, 8)}…{hash.slice(-4)}</text>
      <text className={styles['caption']} x={x} y={y + 12} textAnchor="middle">{words}</text>
    </g>
  );
}
