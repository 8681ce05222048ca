// The protocol of a session, as `crates/session` defines it.

export interface Generated { source: string; samples: number; noise: number; seed: number; [other: string]: string | number }
/** A table as text, whose name says by its ending what it is. */
export interface TextTable { name: string; text: string }
/** One that is no text: `.mat`, `.npz`, or packed. */
export interface PackedTable { name: string; base64: string }
export type Source = Generated | TextTable | PackedTable;
export interface Change { step: number; set?: [number, number]; recipe?: Recipe }
export type Recipe = Record<string, unknown>;
export interface Plan { data: Source; recipe: Recipe; changes: Change[] }

export type View =
  | { view: 'boundary'; cells: number }
  | { view: 'units'; cells: number }
  | { view: 'parameters' }
  | { view: 'predictions' }
  | { view: 'curve'; from: number }
  | { view: 'unit'; layer: number; unit: number; example: number }
  | { view: 'gradient-check'; bugs: Bug[]; language: 'en' | 'zh' }
  | { view: 'diagnosis'; language: 'en' | 'zh' };

/** A mistake planted in the backward pass: its name, and the layer, from 1. */
export interface Bug { bug: string; layer: number }

/** A command, and what is to be shown once it is done. */
export type Request = Command & { views?: View[] };

export type Command =
  | { do: 'begin'; plan: Plan }
  | { do: 'step'; steps: number }
  | { do: 'epoch' }
  | { do: 'seek'; step: number; most?: number }
  | { do: 'set'; parameter: number; value: number }
  | { do: 'change'; recipe: Recipe }
  | { do: 'look' }
  | { do: 'repeat' }
  | { do: 'train'; plan: Plan; variants: Recipe[]; steps?: number }
  | { do: 'compare'; first: number[]; second: number[] }
  | { do: 'find-rate' }
  | { do: 'patient'; seed: number; difficulty: Difficulty }
  | { do: 'reveal'; seed: number; difficulty: Difficulty }
  | { do: 'treat'; seed: number; difficulty: Difficulty; recipe: Recipe; trial: number }
  | { do: 'healed'; trials: Treated[] };

export type Difficulty = 'easy' | 'medium' | 'hard';

/** Some of the numbers of a reply. */
export interface Numbers { at: number; len: number }

export interface Layer { units: number; activation: unknown; dropout: number; batch_norm: boolean }

export interface Began {
  event: 'began';
  features: string[];
  layers: Layer[];
  parameters: number;
  targets: string[];
  is_classification: boolean;
  rows: [number, number];
  steps: [number, number];
  plane: [number, number, number, number] | null;
  points: Numbers | null;
  places: [number, number][];
}

export interface Ended { because: 'finished' | 'converged' | 'search-failed' | 'diverged'; message?: string }

export interface At {
  event: 'at';
  step: number;
  epoch: number;
  batch: number;
  /** Of an epoch, and made by the end of the recipe. */
  steps: [number, number];
  loss: number | null;
  accuracy: number | null;
  held_out_loss: number | null;
  held_out_accuracy: number | null;
  ended: Ended | null;
}

/** First minus second, seed by seed. */
export interface Compared {
  event: 'compared';
  mean: number;
  median: number;
  interval: [number, number] | null;
  wins: number;
  p: number | null;
}

/** A parameter in the next step; `place` is that of `set`. */
export interface Parameter {
  place: number;
  value: number;
  of_example: number;
  mean: number;
  penalty: number;
  gradient: number;
  after: number | null;
}

/** What comes back to a hidden unit. */
export interface Back { from: [number, number][]; behind_mask: number; da: number; slope: number }

/** A unit in the next step, for one of its examples: see crates/session/src/unit.rs for the formulas. */
export interface UnitOpened {
  event: 'unit';
  layer: number;
  unit: number;
  example: number;
  /** The examples of the step, by their places among the points. */
  rows: number[];
  activation: unknown;
  loss: string;
  inputs: { input: number; weight: Parameter }[];
  bias: Parameter;
  z: number;
  activated: number;
  dropout: { stays: boolean; keep: number } | null;
  a: number;
  target: number | null;
  back: Back | null;
  dz: number;
  penalty: [number, number];
}

export type Verdict = 'agrees' | 'round-off' | 'kink' | 'wrong';

export interface GradientCheck {
  event: 'gradient-check';
  examples: number;
  names: string[];
  analytic: number[];
  numeric: number[];
  verdicts: Verdict[];
  difference: number;
  findings: string[];
  by_epsilon: [number, number][];
  bugs: (Bug & { place: string; words: string })[];
}

/** What may help: as a change of the recipe's keys, where it is one. */
export interface Advised { words: string; recipe: Recipe | null; is_on_the_way: boolean; finds_rate: boolean }

export interface Found {
  code: string;
  name: string;
  certainty: 'certain' | 'likely' | 'note';
  text: string;
  measured: Record<string, unknown>;
  advice: Advised[];
  source: string;
  page: string;
}

/** What is wrong with the training as it stands, and what cannot be told. */
export interface Diagnosed {
  event: 'diagnosis';
  epochs: number;
  is_under_way: boolean;
  findings: Found[];
  open: { code: string; text: string }[];
  all_clear: { is_health: boolean; text: string } | null;
}

/** A training to be healed, and what a fault may be called. */
export interface Patient { event: 'patient'; plan: Plan; choices: string[] }

export interface Revealed { event: 'revealed'; faults: { name: string; shown_as: string[] }[]; cure: Recipe }

/** Loss and accuracy on the points held out, with one seed; none where it diverged. */
export interface Treated { cure: [number, number] | null; healthy: [number, number] }

/** How much worse than the healthy recipe, and how far the interval may reach. */
export interface Within { mean: number; interval: [number, number]; margin: number; is_within: boolean }

export interface Healed { event: 'healed'; is_healed: boolean; diverged: number; loss: Within | null; accuracy: Within | null }

export type Event =
  | Diagnosed
  | { event: 'rate'; rate: number }
  | Patient
  | Revealed
  | ({ event: 'treated' } & Treated)
  | Healed
  | Began
  | At
  | { event: 'boundary'; cells: number; numbers: Numbers }
  | { event: 'units'; cells: number; numbers: Numbers }
  | { event: 'parameters'; numbers: Numbers }
  | { event: 'predictions'; numbers: Numbers }
  | { event: 'curve'; numbers: Numbers }
  | { event: 'trained'; numbers: Numbers }
  | Compared
  | UnitOpened
  | GradientCheck
  | { event: 'repeat'; plan: Plan; recipe: string; commands: string[] | null }
  | { event: 'refused'; message: string };

export interface Reply { events: Event[]; numbers: Float32Array }

/** Whatever carries commands to a session and its replies back: a worker here, a socket elsewhere. */
export interface Session {
  ask(request: Request): Promise<Reply>;
  /** It is not needed any more; what was asked has no answer. */
  close(): void;
}
