/** Options of `readVolume`. */
export interface ReadOptions {
  /**
   * Folder that references inside the file (`ElementDataFile`) may not leave. Default: the folder
   * the image is in.
   */
  readonly root?: string;
  /** Largest voxel array that is allocated, in bytes. Default: 4 GiB. */
  readonly maxBytes?: number;
  /**
   * Put the voxels on a SharedArrayBuffer, for worker threads. Default: false. Those of a TIFF stack
   * are on one in any case.
   */
  readonly shared?: boolean;
  /** Called with the fraction of voxels read so far, 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** What every format reader needs to know. */
export interface ReadContext {
  /** The path as the caller gave it: the name that errors show. */
  readonly path: string;
  /** Folder that references inside the file may not leave. */
  readonly root: string;
  readonly maxBytes: number;
  readonly shared: boolean;
  readonly onProgress: (fraction: number) => void;
}

/** Four gibibytes: 512 x 512 x 2000 voxels of float64. */
export const DEFAULT_MAX_BYTES = 4 * 1024 ** 3;
