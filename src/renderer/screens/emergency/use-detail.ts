import { useEffect } from 'react';
import type { EmergencyDetail } from '../../../core/contract/emergency-calls.ts';
import type { AppError } from '../../../core/model/errors.ts';
import { readDetail, useDetail } from './detail-store.ts';

/** One emergency whole, read when it is looked at and whenever the archive changed. */
export function useDetailOf(record: string): { readonly detail: EmergencyDetail | null; readonly error: AppError | null } {
  const { of, detail, error } = useDetail();
  useEffect(() => {
    void readDetail(record);
  }, [record]);
  return of === record ? { detail, error } : { detail: null, error: null };
}
