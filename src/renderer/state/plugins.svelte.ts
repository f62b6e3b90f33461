/** @file Installed plugins, the devices of this machine, and the person's preferences. */
import type { Preferences } from '../../contract/devices.ts';
import type { DeviceRow } from '../../contract/jobs.ts';
import type { PluginList } from '../../contract/plugins.ts';
import { host } from '../client/client.ts';

class PluginsState {
  current = $state.raw<PluginList>({ plugins: [], broken: [] });
  /** Null until measured. */
  devices = $state.raw<readonly DeviceRow[] | null>(null);
  preferences = $state.raw<Preferences>({ device: 'auto', rater: 'me' });

  async refresh(): Promise<void> {
    [this.current, this.preferences] = await Promise.all([host.plugins.list(), host.devices.preferences()]);
  }

  async measureDevices(): Promise<void> {
    this.devices ??= await host.devices.list();
  }

  async setPreferences(preferences: Preferences): Promise<void> {
    this.preferences = await host.devices.setPreferences(preferences);
  }
}

export const pluginsState = new PluginsState();
