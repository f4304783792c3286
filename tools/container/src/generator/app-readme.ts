import type { TaskKind } from './create-task.ts';

const RESULT: Readonly<Record<TaskKind, string>> = {
  segmentation: "a label map on the CT's own grid",
  prediction: 'one JSON value per patient',
};

const TO_FILL_IN: Readonly<Record<TaskKind, readonly string[]>> = {
  segmentation: [
    '`preprocessing`: the steps that your training applied, in its order',
    '`tensor`: the channels and the order of the axes that the model expects',
    '`models`: your `.onnx` files with the names of their input and output',
    '`inference`: the window, the overlap and the flips',
    '`postprocessing`, `invert`: what happens to the labels on their way back to the CT',
  ],
  prediction: [
    '`inputs`: further images, and what stands in for one that a case does not have',
    '`preprocessing`, `tensor`: what your training did to the images',
    '`features`: the clinical vector, in the order of your training, with its scaling',
    '`models`: your `.onnx` files with the names of their inputs and output',
    '`head`: what the output means (a risk, a survival model or a class) and how models are combined',
  ],
};

/** The README of a new task. */
export function appReadme(facts: { name: string; kind: TaskKind; from: string }): string {
  const { name, kind, from } = facts;
  return `# ${name}

A ${kind} task: the container writes ${RESULT[kind]}. It was made from \`apps/${from}\` and
runs at once, with that task's recipe and models. Nothing but \`resources/\` needs a change.

## Fill in the recipe

\`resources/pipeline.json\` says what happens to a case. Your editor completes and checks it, and
[the reference](../../docs/recipe.md) explains every field. What to replace:

${TO_FILL_IN[kind].map((line) => `- ${line}`).join('\n')}

The exporter (\`tools/export\`) writes the recipe and the \`.onnx\` files from a checkpoint in one go.
Put the card of your models into \`resources/MODEL_CARD.md\`, a case of your own into \`test/input\`,
and its expected output into \`test/expected\`.

## Build, test, save

\`\`\`bash
npx nx run ${name}:test               # on this machine, without a container
npx nx run ${name}:docker-build
npx nx run ${name}:docker-test-run
npx nx run ${name}:docker-save        # dist/submission_${name}.tar.gz
npx nx run ${name}:doctor             # when something stands in the way
\`\`\`
`;
}
