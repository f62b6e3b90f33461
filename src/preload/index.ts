/** @file The preload script of the window: hands the bridge over the fence between Electron and the page. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { makeBridge } from './bridge.ts';

contextBridge.exposeInMainWorld(
  'sagitta',
  makeBridge({
    wire: ipcRenderer,
    pathForFile: (file) => webUtils.getPathForFile(file),
    platform: process.platform,
  }),
);
