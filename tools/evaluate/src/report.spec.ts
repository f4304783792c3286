import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { evaluate } from './evaluate.ts';
import { CONVENTIONS } from './fixtures/conventions.ts';
import { newFolder } from './fixtures/make-cohort.ts';
import { maskFolder } from './fixtures/masks.ts';
import { report } from './report.ts';
import { readScoredTasks } from './tasks.ts';
import { readTruth } from './truth.ts';

it('writes a page of what was scored, also where there are masks alone', async () => {
  const apps = fileURLToPath(new URL('../../../apps', import.meta.url));
  const task = readScoredTasks(apps).get('task1')!;
  const truth = await maskFolder({ 'CHUM-1': '0110220', 'MDA-1': '0000220' });
  const predictions = await maskFolder({ 'CHUM-1': '0110020' });
  const how = { task, cohort: readTruth(truth, task), predictions, conventions: CONVENTIONS };
  const out = join(newFolder(), 'report.html');
  await report(out, [{ ...how, ...(await evaluate(how)) }]);
  const page = readFileSync(out, 'utf8');
  expect(page).toContain('<h3>mean GTVp DSC</h3>');
  expect(page).toContain('<h3>GTVp HD95 (mm)</h3><p class="value">0.0</p>');
  expect(page).toMatch(/<li><strong>MDA-1<\/strong>: .*no prediction/);
  // Without CT and PET there is nothing to picture.
  expect(page).not.toContain('<article');
});
