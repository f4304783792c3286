import type { ExpectedTensor } from '@hecktor/onnx';
import { expectedOfStage, type LoadedStage } from '@hecktor/recipe';
import type { Tensor } from '@hecktor/volume';
import { layoutKey } from './prepare-inputs.ts';

/** Tensors by the names of a network's outputs. */
export type NetworkOutputs = Readonly<Record<string, Tensor>>;

/** A network of a stage as far as other stages run the same. */
export interface SharedRun {
  /** What the stages take of it, all of which one run gives. */
  readonly outputs: readonly ExpectedTensor[];
  /** What a stage before has had of it. */
  readonly before: NetworkOutputs | undefined;
  /** Keeps what it gave for later stages. */
  readonly keep: (outputs: NetworkOutputs) => void;
}

/**
 * Lets a network with several outputs, such as one for the T stage, the N stage and the risk, run once
 * for all stages that give it the same inputs.
 *
 * @returns The network of a stage by its index.
 */
export function shareRuns(
  stages: readonly LoadedStage[],
): (loaded: LoadedStage, index: number) => SharedRun {
  const wanted = new Map<string, Map<string, ExpectedTensor>>();
  const kept = new Map<string, NetworkOutputs>();
  for (const loaded of stages) {
    loaded.models.forEach((_, i) => {
      const key = runKey(loaded, i);
      const outputs = wanted.get(key) ?? new Map<string, ExpectedTensor>();
      for (const output of expectedOfStage(loaded, i).outputs) outputs.set(output.name, output);
      wanted.set(key, outputs);
    });
  }
  return (loaded, index) => {
    const key = runKey(loaded, index);
    return {
      outputs: [...wanted.get(key)!.values()],
      before: kept.get(key),
      keep: (outputs) => kept.set(key, outputs),
    };
  };
}

/** Equal for networks that are the same file and see the same. */
function runKey({ stage, models }: LoadedStage, index: number): string {
  const { inputs } = stage.models[index]!;
  const image = inputs.image === undefined ? undefined : layoutKey(stage);
  const features = inputs.features === undefined ? undefined : stage.features;
  return JSON.stringify([models[index]!.path, inputs, image, features]);
}
