/** Names of the bindings; the page reaches them only through `window.countersign`. */
export const CALL_BINDING = '__countersignCall';
export const PATHS_BINDING = '__countersignPaths';
export const FILES_SLOT = '__countersignFiles';
export const EVENT_NAME = 'countersign-event';

/** The script that gives the page its bridge, before anything of its own runs, and nowhere but on our origin. */
export function bridgeScript(origin: string): string {
  const names = JSON.stringify({ origin, call: CALL_BINDING, paths: PATHS_BINDING, slot: FILES_SLOT, event: EVENT_NAME });
  return `(() => {
    const names = ${names};
    if (window.origin !== names.origin || window.top !== window) return;
    const call = window[names.call];
    const paths = window[names.paths];
    Object.defineProperty(window, 'countersign', { value: Object.freeze({
      call: (name, input) => call(name, input),
      listen: (listener) => {
        const heard = (event) => listener(event.detail.name, event.detail.payload);
        window.addEventListener(names.event, heard);
        return () => window.removeEventListener(names.event, heard);
      },
      pathsOf: async (files) => {
        window[names.slot] = [...files];
        try { return await paths(files.length); } finally { delete window[names.slot]; }
      },
    }) });
  })();`;
}
