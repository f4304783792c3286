import { type Finding, noneBroken } from '../rules/rules.ts';
import { sanitise } from '../../sanitise-text.ts';
import type { CaseReport, TestRunReport } from './report.ts';
import { measured, STAGES, summary, wordOf } from './to-text.ts';
import { showBytes } from '../limits.ts';

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
${rules(report.findings)}
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
    const seconds = runs[0] === undefined ? '' : `${runs[0].seconds.toFixed(1)} s`;
    return `<tr><td><a href="#case-${i + 1}">${text(name)}</a></td><td>${seconds}</td><td>${badge(verdictOf(findings))}</td></tr>`;
  });
  return `<section>
<h2>${cases.length} cases</h2>
${table(['case', 'time', 'verdict'], rows)}
</section>`;
}

function caseSection(report: CaseReport, index: number, folded: boolean): string {
  const { name, input, output, findings, picture } = report;
  const runs = measured(report).filter(({ title }) => title !== STAGES);
  const body = `<p class="paths">case <code>${text(input)}</code><br>output <code>${text(output)}</code></p>
${rules(findings)}
${stages(report)}
${table(
  ['run', 'measured'],
  runs.map(({ title, observed }) => `<tr><td>${text(title)}</td><td>${text(observed)}</td></tr>`),
)}
${picture === undefined ? '' : `<figure><img alt="CT, PET and the mask in three planes" src="data:image/png;base64,${Buffer.from(picture).toString('base64')}"><figcaption>Planes through the largest lesion.</figcaption></figure>`}`;
  const open = noneBroken(findings) ? '' : ' open';
  const whole = folded
    ? `<details${open}><summary><h2>${text(name)}</h2> ${badge(verdictOf(findings))}</summary>${body}</details>`
    : `<h2>Case ${text(name)}</h2>${body}`;
  return `<section id="case-${index + 1}">${whole}</section>`;
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
  return `<h3>Time per stage</h3>${table([], bars, 'stages')}`;
}

function rules(findings: readonly Finding[]): string {
  const rows = findings.map(({ title, observed, limit, verdict, cause, fix, docs = '' }) => {
    const advice =
      cause === undefined || fix === undefined
        ? ''
        : `<p class="advice"><b>Likely cause:</b> ${text(cause)}.<br><b>Fix:</b> ${text(fix)}.<br><b>More:</b> <code>${text(docs)}</code></p>`;
    return `<tr class="${verdict}"><td>${text(title)}</td><td>${text(observed)}${advice}</td><td>${text(limit)}</td><td>${badge(verdict)}</td></tr>`;
  });
  return table(['rule', 'observed', 'limit', 'verdict'], rows);
}

function table(names: readonly string[], rows: readonly string[], kind = 'rows'): string {
  if (rows.length === 0) return '';
  const head = names.map((name) => `<th>${name}</th>`).join('');
  return `<div class="wide"><table class="${kind}">
<thead><tr>${head}</tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>`;
}

function verdictOf(findings: readonly Finding[]): Finding['verdict'] {
  if (!noneBroken(findings)) return 'broken';
  return findings.some(({ verdict }) => verdict === 'warning') ? 'warning' : 'kept';
}

function badge(verdict: Finding['verdict']): string {
  const word = wordOf(verdict);
  return word && `<span class="badge ${verdict}">${word}</span>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
};

function text(value: string): string {
  return sanitise(value).replaceAll(/[&<>"]/g, (sign) => `&${ENTITIES[sign]};`);
}

/** The page's looks, for light and dark. */
const STYLE = `
:root{--back:#f6f7f9;--card:#fff;--ink:#1c2430;--soft:#5b6675;--line:#dfe4ea;--good:#18794e;--bad:#c62a2f;--doubt:#9a5b00;--goodback:#e3f5ec;--badback:#fdeaea;--doubtback:#fdf1dc;--bar:#4f7fd6}
@media (prefers-color-scheme:dark){:root{--back:#12161c;--card:#1a2029;--ink:#e6eaf0;--soft:#9aa6b5;--line:#2c3541;--good:#5fd39b;--bad:#ff8a8a;--doubt:#f2b84b;--goodback:#173226;--badback:#3a1e20;--doubtback:#382c14;--bar:#6f9cf0}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:64rem;margin:0 auto;padding:1.5rem 1rem 3rem}
header,section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.25rem;margin:0 0 1rem}
header{display:flex;gap:1rem;align-items:center;border-left:6px solid var(--good)}
header.broken{border-left-color:var(--bad)}
header .mark{font-size:2rem;line-height:1;margin:0;color:var(--good)}
header.broken .mark{color:var(--bad)}
header p{margin:.25rem 0 0;color:var(--soft)}
h1{font-size:1.25rem;margin:0}
h2{font-size:1.05rem;margin:0 0 .75rem}
h3{font-size:.95rem;margin:1.25rem 0 .5rem}
summary{cursor:pointer}
summary h2{display:inline}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.paths{color:var(--soft);margin:.5rem 0 1rem}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;margin:0 0 1rem}
th{text-align:left;font-weight:600;color:var(--soft);font-size:.85rem}
th,td{padding:.45rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td:first-child{min-width:11rem}
tr.broken td{background:var(--badback)}
tr.warning td{background:var(--doubtback)}
.advice{margin:.4rem 0 0;font-size:.93em}
.badge{display:inline-block;border-radius:99px;padding:.05rem .6rem;font-size:.82rem;white-space:nowrap;border:1px solid var(--line);color:var(--soft)}
.badge.kept{color:var(--good);background:var(--goodback);border-color:transparent}
.badge.broken{color:var(--bad);background:var(--badback);border-color:currentColor;font-weight:600}
.badge.warning{color:var(--doubt);background:var(--doubtback);border-color:transparent}
.stages td{padding:.15rem .6rem;border:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.bar{width:60%}
.bar div{height:.8rem;min-width:1px;border-radius:3px;background:var(--bar)}
figure{margin:1rem 0 0}
img{max-width:100%;border-radius:6px;display:block}
figcaption,footer{color:var(--soft);font-size:.9rem;margin-top:.4rem}
@media print{header,section{break-inside:avoid}}
`;
