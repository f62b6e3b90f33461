/** @file Where vessels already are: a fine grid of who is there, and a coarse one of how crowded it is. */
import type { Vector } from './vector.ts';

const cellUnits = 2;
const regionUnits = 6;

export class Occupancy {
  private readonly cells: Int16Array;
  private readonly dims: Vector;
  private readonly regions: Float32Array;
  private readonly regionDims: Vector;

  constructor(size: Vector) {
    this.dims = gridDims(size, cellUnits);
    this.cells = new Int16Array(this.dims[0] * this.dims[1] * this.dims[2]).fill(-1);
    this.regionDims = gridDims(size, regionUnits);
    this.regions = new Float32Array(this.regionDims[0] * this.regionDims[1] * this.regionDims[2]);
  }

  /** The branch at a point; −1 for none. Points outside count as the nearest inside. */
  at(point: Vector): number {
    return this.cells[indexOf(point, this.dims, cellUnits)]!;
  }

  /** Marks a ball for a branch and makes its surroundings more crowded. */
  claim(point: Vector, radius: number, branch: number): void {
    const reach = Math.max(0, radius - cellUnits / 2);
    for (let z = -reach; z <= reach; z += cellUnits)
      for (let y = -reach; y <= reach; y += cellUnits)
        for (let x = -reach; x <= reach; x += cellUnits)
          this.cells[indexOf([point[0] + x, point[1] + y, point[2] + z], this.dims, cellUnits)] = branch;
    for (let z = -1; z <= 1; z++)
      for (let y = -1; y <= 1; y++)
        for (let x = -1; x <= 1; x++) {
          const near: Vector = [
            point[0] + x * regionUnits,
            point[1] + y * regionUnits,
            point[2] + z * regionUnits,
          ];
          this.regions[indexOf(near, this.regionDims, regionUnits)]! += 2 ** -(x * x + y * y + z * z);
        }
  }

  crowding(point: Vector): number {
    return this.regions[indexOf(point, this.regionDims, regionUnits)]!;
  }

  /** Towards less crowded space; at most about 1 long. */
  openDirection(point: Vector): Vector {
    const slope = (x: number, y: number, z: number) => {
      const ahead = this.crowding([point[0] + x, point[1] + y, point[2] + z]);
      const behind = this.crowding([point[0] - x, point[1] - y, point[2] - z]);
      return (behind - ahead) / (behind + ahead + 1);
    };
    return [slope(regionUnits, 0, 0), slope(0, regionUnits, 0), slope(0, 0, regionUnits)];
  }
}

function gridDims(size: Vector, edge: number): Vector {
  return [Math.ceil(size[0] / edge) + 1, Math.ceil(size[1] / edge) + 1, Math.ceil(size[2] / edge) + 1];
}

function indexOf(point: Vector, dims: Vector, edge: number): number {
  const x = Math.min(dims[0] - 1, Math.max(0, Math.round(point[0] / edge)));
  const y = Math.min(dims[1] - 1, Math.max(0, Math.round(point[1] / edge)));
  const z = Math.min(dims[2] - 1, Math.max(0, Math.round(point[2] / edge)));
  return x + dims[0] * (y + dims[1] * z);
}
