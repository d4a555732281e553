import type { ArtifactPlace } from '../../../core/service/store-artifacts.ts';
import { openFolderPlace } from './folder-place.ts';
import { isS3, openS3Place, type AwsOptions } from './s3-place.ts';

/** Opens an artifact repository by its address: a folder, or an S3-compatible one. */
export async function openPlace(to: string, version: string, aws: AwsOptions | null, signal: AbortSignal): Promise<ArtifactPlace> {
  return isS3(to) ? openS3Place(to, version, aws, signal) : openFolderPlace(to, version, signal);
}
