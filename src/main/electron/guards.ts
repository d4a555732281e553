import type { BrowserWindow, IpcMainInvokeEvent } from 'electron';
import type { Asset } from '../window/assets.ts';

export const ORIGIN = 'app://console';

/** A message counts only from the main frame of our own window, at exactly our origin. */
export function isFromOurWindow(event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>, window: BrowserWindow): boolean {
  const frame = event.senderFrame;
  if (frame === null || event.sender !== window.webContents || frame !== window.webContents.mainFrame) return false;
  return URL.canParse(frame.url) && frame.url.startsWith(`${ORIGIN}/`) && new URL(frame.url).host === 'console';
}

/** Answers `app://console/…` from what was loaded at the start; anything else is not there. */
export function serveAssets(assets: ReadonlyMap<string, Asset>): (request: Request) => Response {
  return (request) => {
    const url = new URL(request.url);
    const asset = url.host === 'console' && request.method === 'GET' ? assets.get(url.pathname) : undefined;
    if (asset === undefined) return new Response('Not found', { status: 404, headers: { 'content-type': 'text/plain' } });
    return new Response(new Uint8Array(asset.body), { status: 200, headers: { ...asset.headers } });
  };
}
