/* tslint:disable */
/* eslint-disable */

/**
 * A session, and its last reply.
 */
export class Session {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Carry out a command in JSON; the events of its reply, in JSON.
     */
    answer(command: string): string;
    /**
     * Without a training.
     */
    constructor();
    /**
     * The numbers of the last reply, which its events speak of. It has them no more.
     */
    numbers(): Float32Array;
}

/**
 * What it computes with here: `relaxed-simd128` is the fast one.
 */
export function instructionSet(): string;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_session_free: (a: number, b: number) => void;
    readonly instructionSet: () => [number, number];
    readonly session_answer: (a: number, b: number, c: number) => [number, number];
    readonly session_new: () => number;
    readonly session_numbers: (a: number) => [number, number];
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
