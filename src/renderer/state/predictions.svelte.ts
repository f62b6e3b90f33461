/** @file Predictions of the open project, newest first. */
import type { Prediction } from '../../contract/predictions.ts';
import { host } from '../client/client.ts';

class PredictionsState {
  list = $state.raw<readonly Prediction[]>([]);

  async refresh(): Promise<void> {
    this.list = await host.predictions.list();
  }

  clear(): void {
    this.list = [];
  }

  find(id: string | null): Prediction | undefined {
    return this.list.find((prediction) => prediction.id === id);
  }
}

export const predictionsState = new PredictionsState();
