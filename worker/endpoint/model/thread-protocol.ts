/** What the endpoint's event loop and the thread that loads a model say to each other. */
import type { ErrorRecord } from '../../../core/errors.ts';
import type { ExplanationImage } from '../../../core/forest/explanation-image.ts';
import type { Forest } from '../../../core/forest/forest.ts';
import type { KernelImage } from '../../../core/forest/forest-kernel.ts';
import type { PackedMemory } from '../../../core/forest/packed-memory.ts';
import type { ModelManifest } from '../../../schemas/model.ts';
import type { EngineChoice } from '../../models/engine-choice.ts';

/** What a thread is started with: it loads this one model. */
export interface ModelThreadSettings {
  readonly modelBucket: string;
  readonly version: string;
  readonly engine: EngineChoice;
}

/** Asked of a thread whose model ONNX Runtime runs. */
export interface ScoreTask {
  readonly id: number;
  readonly features: Float32Array;
  readonly rowCount: number;
}

/** A forest with the image of it that a kernel or an explainer needs. */
export interface PackedForest<Image extends { readonly at: unknown }> {
  readonly forest: Forest;
  readonly image: PackedMemory<Image['at']>;
}

export interface ThreadModel {
  readonly manifest: ModelManifest;
  /** For the event loop's own kernel; undefined where ONNX Runtime runs the model, in the thread. */
  readonly kernel: PackedForest<KernelImage> | undefined;
  /** Undefined where the model can not be explained. */
  readonly explanation: PackedForest<ExplanationImage> | undefined;
  /** Why it is ONNX Runtime although the kernel was to be tried. */
  readonly fallback: string | undefined;
}

export type ModelThreadReply =
  | { readonly kind: 'loaded'; readonly model: ThreadModel }
  | { readonly kind: 'not-loaded'; readonly error: ErrorRecord }
  | { readonly kind: 'scored'; readonly id: number; readonly probabilities: Float32Array }
  | { readonly kind: 'not-scored'; readonly id: number; readonly error: ErrorRecord };
