/**
 * `NUTRISAGE_ENGINE`. `auto`: the forest kernel where it agrees with ONNX Runtime, else that. An engine's name: that one
 * alone, untried. Apart from `choose-scorer.ts`, since the configuration is read before anything large is loaded.
 */
export const ENGINE_CHOICES = ['auto', 'forest', 'onnxruntime'] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];
