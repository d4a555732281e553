import { useEffect, useState } from 'react';
import { z } from 'zod';
import { keep, readKept } from '../../components/kept.ts';

const Fields = z.record(z.string(), z.string());

/** Fields of a form that neither an error nor going elsewhere empties; `forget` empties them when what they said was done. */
export function useKept<Form extends Readonly<Record<string, string>>>(name: string, blank: Form): { readonly fields: Form; readonly change: (some: Partial<Form>) => void; readonly forget: () => void } {
  const [fields, setFields] = useState<Form>(() => ({ ...blank, ...readKept(name, Fields) }));
  const [forgotten, setForgotten] = useState(true);
  useEffect(() => {
    if (!forgotten) keep(name, fields);
  }, [name, fields, forgotten]);
  return {
    fields,
    change: (some) => {
      setForgotten(false);
      setFields((before) => ({ ...before, ...some }));
    },
    forget: () => {
      setForgotten(true);
      keep(name, null);
      setFields(blank);
    },
  };
}
