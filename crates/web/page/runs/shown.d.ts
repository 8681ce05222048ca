// What `nablab serve` says of its directory, as `nablab::study::directory` defines it.

export type Ended = 'finished' | 'stopped-early' | 'converged' | 'search-failed' | 'diverged' | 'interrupted';

export interface ListedRun { place: string; age: number; ended: Ended | null; epochs: number | null; score: number | null; has_report: boolean }
export interface ListedStudy { place: string; name: string; age: number; has_report: boolean }
export interface Listed { runs: ListedRun[]; studies: ListedStudy[]; is_whole: boolean }

/** Epoch, loss and score of rows learned from, loss and score of rows held out. */
export type Point = [number, number | null, number | null, number | null, number | null];
export interface Run { recipe: string; epochs: number; curve: Point[]; summary: { ended: Ended; epochs: number } | null; has_report: boolean }

export interface Trial { number: number; state: 'RUNNING' | 'COMPLETE' | 'PRUNED' | 'FAIL' | 'WAITING'; values: (number | null)[]; parameters: Record<string, string | number>; at: (number | null)[] }
export interface Mean { trial: number; mean: number; interval: [number, number] | null }
export interface Confirmed { metric: string; seeds: number; candidates: Mean[]; first: number | null; difference: Mean | null }
export interface Study {
  metrics: string[];
  directions: ('minimize' | 'maximize')[];
  counts: { complete: number; pruned: number; failed: number; running: number; waiting: number };
  axes: { name: string; labels: [number, string][] }[];
  trials: Trial[];
  is_whole: boolean;
  best: number | null;
  importances: [string, number][];
  confirmed: Confirmed | null;
  has_report: boolean;
}
