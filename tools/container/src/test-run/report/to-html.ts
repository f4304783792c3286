import { noneBroken, type Finding } from '../rules/finding.ts';
import { visible } from '../../visible.ts';
import type { CaseReport, TestRunReport } from './report.ts';
import { STYLE } from './style.ts';
import { measured, summary, WORDS } from './to-text.ts';
import { showBytes } from '../profile/parse-size.ts';

/** A report as one HTML page that needs no other file and no script. */
export function toHtml(report: TestRunReport): string {
  const { task, profile, passed, image, startedAt, cases } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(`${task}: ${passed ? 'passed' : 'rules broken'}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header class="${passed ? 'kept' : 'broken'}">
<p class="mark" aria-hidden="true">${passed ? '✓' : '✗'}</p>
<div>
<h1>${text(summary(report))}</h1>
<p>${text(startedAt.slice(0, 16).replace('T', ' '))} UTC · profile <b>${text(profile)}</b> · image <code>${text(image.tag)}</code> <code>${text(image.id.slice(0, 19))}</code> · ${text(showBytes(image.size))} unpacked</p>
</div>
</header>
<section>
<h2>The image</h2>
${table(report.findings)}
</section>
${cases.length > 1 ? overview(cases) : ''}
${cases.map((one, i) => caseSection(one, i, cases.length > 1)).join('\n')}
<footer>For research. Not a medical device.</footer>
</main>
</body>
</html>
`;
}

function overview(cases: readonly CaseReport[]): string {
  const rows = cases.map(({ name, findings, runs }, i) => {
    const kind = verdictOf(findings);
    const seconds = runs[0] === undefined ? '' : `${runs[0].seconds.toFixed(1)} s`;
    return `<tr><td><a href="#case-${i + 1}">${text(name)}</a></td><td>${seconds}</td><td>${badge(kind)}</td></tr>`;
  });
  return `<section>
<h2>${cases.length} cases</h2>
<div class="wide"><table>
<thead><tr><th>case</th><th>time</th><th>verdict</th></tr></thead>
<tbody>${rows.join('')}</tbody>
</table></div>
</section>`;
}

function caseSection(report: CaseReport, index: number, folded: boolean): string {
  const { name, input, output, findings, picture } = report;
  const body = `<p class="paths">case <code>${text(input)}</code><br>output <code>${text(output)}</code></p>
${table(findings)}
${stages(report)}
${table(
  measured(report).filter(({ title }) => !title.startsWith(' ')),
  false,
)}
${picture === undefined ? '' : `<figure><img alt="CT, PET and the mask in three planes" src="data:image/png;base64,${Buffer.from(picture).toString('base64')}"><figcaption>Planes through the largest lesion.</figcaption></figure>`}`;
  const open = folded && noneBroken(findings) ? '' : ' open';
  return folded
    ? `<section id="case-${index + 1}"><details${open}><summary><h2>${text(name)}</h2> ${badge(verdictOf(findings))}</summary>${body}</details></section>`
    : `<section id="case-${index + 1}"><h2>Case ${text(name)}</h2>${body}</section>`;
}

/** A bar per stage, as long as its share of the time. */
function stages({ runs }: CaseReport): string {
  const entries = Object.entries(runs[0]?.stages ?? {}).filter(([name]) => name !== 'total');
  const total = entries.reduce((sum, [, seconds]) => sum + seconds, 0);
  if (total === 0) return '';
  const bars = entries.map(
    ([name, seconds]) =>
      `<tr><td>${text(name)}</td><td class="number">${seconds.toFixed(2)} s</td><td class="bar"><div style="width:${((100 * seconds) / total).toFixed(1)}%"></div></td></tr>`,
  );
  return `<h3>Time per stage</h3><div class="wide"><table class="stages"><tbody>${bars.join('')}</tbody></table></div>`;
}

function table(findings: readonly Finding[], judged = true): string {
  if (findings.length === 0) return '';
  const rows = findings.map(({ title, observed, limit, verdict, cause, fix, docs = '' }) => {
    const advice =
      cause === undefined || fix === undefined
        ? ''
        : `<p class="advice"><b>Likely cause:</b> ${text(cause)}.<br><b>Fix:</b> ${text(fix)}.<br><b>More:</b> <code>${text(docs)}</code></p>`;
    const limits = judged ? `<td>${text(limit)}</td><td>${badge(verdict)}</td>` : '';
    return `<tr class="${verdict}"><td>${text(title)}</td><td>${text(observed)}${advice}</td>${limits}</tr>`;
  });
  const head = judged ? '<th>limit</th><th>verdict</th>' : '';
  const names = judged ? ['rule', 'observed'] : ['run', 'measured'];
  return `<div class="wide"><table>
<thead><tr>${names.map((name) => `<th>${name}</th>`).join('')}${head}</tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>`;
}

function verdictOf(findings: readonly Finding[]): Finding['verdict'] {
  if (!noneBroken(findings)) return 'broken';
  return findings.some(({ verdict }) => verdict === 'warning') ? 'warning' : 'kept';
}

function badge(verdict: Finding['verdict']): string {
  return WORDS[verdict] === '' ? '' : `<span class="badge ${verdict}">${WORDS[verdict]}</span>`;
}

function text(value: string): string {
  return visible(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
