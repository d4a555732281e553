import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../core/contract/connect.ts';
import { CALL_CHANNEL, EVENT_CHANNEL } from '../main/electron/channels.ts';

/** All that the window can reach: call, listen, and the paths of files that a person chose. */
const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke(CALL_CHANNEL, name, input),
  listen: (listener) => {
    const heard = (_event: unknown, name: string, payload: unknown): void => listener(name, payload);
    ipcRenderer.on(EVENT_CHANNEL, heard);
    return () => ipcRenderer.off(EVENT_CHANNEL, heard);
  },
  pathsOf: async (files) => files.flatMap((file) => (file instanceof File ? [webUtils.getPathForFile(file)] : [])).filter((path) => path !== ''),
};

contextBridge.exposeInMainWorld('countersign', bridge);
