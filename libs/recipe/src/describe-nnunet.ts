/** Where each part of an nnU-Net folder is in a recipe: `plans.json` and a checkpoint to keys. */
const PLACES: readonly (readonly [string, string])[] = [
  ['channels on one grid', '`resample` to `"image"`, as the training data were put together'],
  [
    '`transpose_forward`',
    '`tensor.axes`: `["z", "y", "x"]` permuted by it; `roi` is in that order',
  ],
  ['`crop_to_nonzero`', '`crop-nonzero`'],
  ['`normalization_schemes`', '`ct-normalization`, `z-score`, `min-max`, or no step'],
  ['`use_mask_for_norm`', '`mask` of `crop-nonzero` and of `z-score`'],
  ['`spacing`, `resampling_fn_data_kwargs`', '`resample-to-spacing`, its spacing as x, y, z'],
  ['`resampling_fn_probabilities_kwargs`', '`invert.logits`'],
  [
    '`patch_size`, `tile_step_size`',
    '`roi`, `overlap` (1 - step), `tiling` and `blend` `"nnunet"`',
  ],
  ['`inference_allowed_mirroring_axes`', '`flips`: all combinations, single axes first'],
  [
    'sums in half precision',
    '`arithmetic` `"float16"`; `"float32"` differs in near ties and, as the least weights are too small ' +
      'for float16, along the edges of the image',
  ],
  ['`regions_class_order`', '`regions`'],
  ['labels of the data set', '`map-classes`, to those of the challenge'],
  ['`previous_stage`', '`cascade`, then `labels` of `resample-to-spacing` and `one-hot`'],
];

const CASCADE = `"cascade": { "recipe": "lowres/pipeline.json", "image": "lowres" },
"preprocessing": [
  ...
  { "step": "resample-to-spacing", "spacing": [1, 1, 1], "labels": ["lowres"] },
  { "step": "one-hot", "image": "lowres", "labels": [1, 2] }
],
"tensor": { "channels": ["ct", "pet", "lowres-1", "lowres-2"], "axes": ["z", "y", "x"] }`;

/**
 * How a folder of nnU-Net v2 becomes a recipe, in Markdown.
 *
 * @param example - The text of a whole recipe.
 */
export function describeNnunet(example: string): string[] {
  return [
    '## nnU-Net v2',
    'What nnU-Net computes before and after its network is data here. The exporter writes such a ' +
      'recipe from a trained folder (`export.py --nnunet`); this is where things are, checked ' +
      'against nnunetv2 2.8.1:',
    [
      '| nnU-Net | recipe |',
      '| --- | --- |',
      ...PLACES.map((row) => `| ${row.join(' | ')} |`),
    ].join('\n'),
    `\`\`\`json\n${example.trim()}\n\`\`\``,
    'Without `invert.logits` the label map itself goes back onto the CT, which is faster and less ' +
      'exact than nnU-Net. Rules of `postprocessing` see labels on the grid before ' +
      '`resample-to-spacing`.',
    'The second stage of a cascade (`3d_cascade_fullres`) names the recipe of the first, which runs ' +
      'before it, and sees its labels as channels:',
    `\`\`\`jsonc\n${CASCADE}\n\`\`\``,
    '## What a network sees: `--dump-tensor`',
    'The tensor that a recipe makes of a case can be compared with the one of your training code:',
    '```bash\nnode dist/apps/task1/main.mjs --dump-tensor tensor.npy\n```',
    'It reads the case as a run does (`HECKTOR_INPUT`, `HECKTOR_RESOURCES`), writes what the networks ' +
      'would see as float32, (1, C, a, b, c) in the order of `tensor.axes`, and ends. No network ' +
      'runs, but for the first stage of a cascade, and no output is written. In Python, ' +
      '`numpy.load("tensor.npy")` reads it.',
  ];
}
